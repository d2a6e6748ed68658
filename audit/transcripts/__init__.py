"""Speech to text: engines behind one protocol, weights by digest, and the transcripts that they make."""
