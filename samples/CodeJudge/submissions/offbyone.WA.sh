read a b; echo $((EXPRESSION + 1))
