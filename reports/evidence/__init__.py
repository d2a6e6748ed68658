"""The evidence pack of a case: everything that it rests on in one ZIP that anybody can check."""
