sh -c 'kill -SEGV $$'
exit $?
