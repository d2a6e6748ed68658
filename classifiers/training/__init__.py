"""How the shipped model was made and can be made anew: labelled lines in, weights with a card out."""
