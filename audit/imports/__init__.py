"""Registers as other systems export them: reading sheets, naming their columns, understanding their cells."""
