read a b; echo $((EXPRESSION))
