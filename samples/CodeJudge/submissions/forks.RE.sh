i=0
while [ $i -lt 1000 ]; do sleep 1000 & i=$((i + 1)); done
