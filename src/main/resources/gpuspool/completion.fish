# Completion of gpuspool for fish, as `gpuspool completion fish` prints it.
#
# Names of jobs are read off the spool's directories by globs. They may hold anything: none is ever evaluated, fish quotes each
# before it comes into a line, and those with a control character are left out.

# Whether the verb in the line is one of these. Without a verb it is status.
function __gpuspool_verb
    set -l words (commandline -opc)
    set -l verb $words[2]
    string match -q -- '-*' "$verb"; and set verb status
    not contains -- -- $words; and contains -- "$verb" $argv
end

# Whether one of these options stands in the line already.
function __gpuspool_has
    set -l words (commandline -opc)
    for option in $argv
        contains -- $option $words; and return 0
    end
    return 1
end

function __gpuspool_begins
    set -l words (commandline -opc)
    test (count $words) -eq 1
end

# PLACE...: the jobs there.
function __gpuspool_jobs
    set -l spool spool
    test -n "$GPUSPOOL_SPOOL"; and set spool $GPUSPOOL_SPOOL
    set -l words (commandline -opc)
    for i in (seq 2 (count $words))
        switch $words[$i]
            case --spool
                test $i -lt (count $words); and set spool $words[(math $i + 1)]
            case '--spool=*'
                set spool (string replace -- '--spool=' '' $words[$i])
        end
    end
    set spool (string replace -r -- '^~(?=/|$)' "$HOME" "$spool")
    for place in $argv
        for path in $spool/$place/*
            # Of the path what stands behind the last slash; one with a line feed comes in parts.
            set -l name (string replace -r -- '^[\s\S]*/' '' $path | string collect)
            string match -qr -- '[[:cntrl:]]' $name; and continue
            set -l stem (string replace -r -- '\.[^.]*$' '' $name)
            switch $place
                case incoming held
                    string match -qr -- '\.(job|toml)$' $name; or continue
                    string match -qr -- '^[A-Za-z0-9._-]{1,64}$' $stem; and set name $stem
                case '*'
                    string match -qr -- '^[A-Za-z0-9._-]+\.[1-9][0-9]*\.[A-Za-z0-9-]+$' $name; or continue
                    set name $stem
            end
            string match -q -- '-*' $name; or printf '%s\n' $name
        end
    end
end

complete -c gpuspool -e
complete -c gpuspool -f
complete -c gpuspool -n 'contains -- -- (commandline -opc)' -F
@VERBS@
