# Waits until its input ends, which it does when the owner closes it or dies in whatever way, then stops the server at
# once and removes what belongs to it. Its output is the owner's lock, so the folder stays taken until all is done.
# Arguments: the folder, the name it was asked for by (a link to it, or the same), the socket's folder.
trap '' HUP INT TERM
folder=$1 asked=$2 sockets=$3
while read -r _; do :; done

attempts=200
if read -r pid 2>/dev/null <"$folder/cluster/postmaster.pid" && [ "$pid" -gt 1 ] 2>/dev/null; then
    kill -s QUIT "$pid" 2>/dev/null
    # One that was stopped by a signal hears nothing before it goes on.
    kill -s CONT "$pid" 2>/dev/null
    # A server that nobody has waited for is still a process, but its file is gone.
    while [ -e "$folder/cluster/postmaster.pid" ] && kill -0 "$pid" 2>/dev/null && [ "$attempts" -gt 0 ]; do
        attempts=$((attempts - 1))
        sleep 0.05 || sleep 1
    done
fi

# An initdb without its owner may still be writing: what it adds behind the back of rm is removed on the next round.
attempts=20
until rm -rf -- "$folder/cluster" "$folder"/initialising-* || [ "$attempts" -eq 0 ]; do
    attempts=$((attempts - 1))
    sleep 0.05 || sleep 1
done
rm -f -- "$sockets/.s.PGSQL.5432" "$sockets/.s.PGSQL.5432.lock" "$folder/postgres.log"
rmdir -- "$sockets"
rm -f -- "$folder/owner.lock"
rmdir -- "$folder"
if [ -L "$asked" ]; then rm -f -- "$asked"; fi
[ ! -e "$folder/cluster" ]
