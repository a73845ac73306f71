import sys
solve = lambda a, b: EXPRESSION
print(solve(*(int(word) for word in sys.stdin.read().split())))
