# Waits until its input ends, which it does when the owner closes it or dies in whatever way, then stops the server at
# once and removes its files. Its output is the owner's lock, so the folder stays locked until all is done.
# Arguments: the folder, its requested path (a link to it, or the same), the socket's folder.
trap '' HUP INT TERM
folder=$1 requested=$2 sockets=$3
while read -r _; do :; done

attempts=200
if read -r pid 2>/dev/null <"$folder/cluster/postmaster.pid" && [ "$pid" -gt 1 ] 2>/dev/null; then
    kill -s QUIT "$pid" 2>/dev/null
    # A process that is stopped (SIGSTOP) handles no signal before it continues.
    kill -s CONT "$pid" 2>/dev/null
    # A zombie is still a process, but its file is gone.
    while [ -e "$folder/cluster/postmaster.pid" ] && kill -0 "$pid" 2>/dev/null && [ "$attempts" -gt 0 ]; do
        attempts=$((attempts - 1))
        sleep 0.05 || sleep 1
    done
fi

# An initdb without its owner may still be writing: what it adds meanwhile is removed in the next attempt.
attempts=20
until rm -rf -- "$folder/cluster" "$folder"/initialising-* || [ "$attempts" -eq 0 ]; do
    attempts=$((attempts - 1))
    sleep 0.05 || sleep 1
done
rm -f -- "$sockets/.s.PGSQL.5432" "$sockets/.s.PGSQL.5432.lock" "$folder/postgres.log"
rmdir -- "$sockets"
rm -f -- "$folder/owner.lock"
rmdir -- "$folder"
if [ -L "$requested" ]; then rm -f -- "$requested"; fi
[ ! -e "$folder/cluster" ]
