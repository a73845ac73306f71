trap '' TERM; sleep 1000
