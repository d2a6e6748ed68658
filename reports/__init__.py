"""What leaves the house: pages and documents made from one set of figures. Builds on everything below."""
