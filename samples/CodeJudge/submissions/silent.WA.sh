read a b
