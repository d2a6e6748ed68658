"""How right the whole is where the truth is known: recordings by turn, registers by planted breaches."""
