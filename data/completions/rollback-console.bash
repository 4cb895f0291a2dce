# bash completion for rollback-console

_rollback_console()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} word command=
    local commands='status releases history hashes diff api-versions playbook simulate'
    local options='--kubeconfig --context --namespace --release --playbook --journal --demo --read-only --drill --json --color --log --help --version'

    case $previous in
    --kubeconfig | --journal | --log) COMPREPLY=($(compgen -f -- "$current")); return ;;
    --context) COMPREPLY=($(compgen -W "$(kubectl config get-contexts -o name 2>/dev/null)" -- "$current")); return ;;
    --namespace | -n) COMPREPLY=($(compgen -W "$(kubectl get namespaces -o name 2>/dev/null | cut -d/ -f2)" -- "$current")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$current")); return ;;
    --release | --from | --to | --prune) return ;;
    esac
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case " $commands " in *" $word "*) command=$word ;; esac
    done
    case $command in
    status) options+=' --watch' ;;
    releases) options+=' --all-namespaces --long' ;;
    hashes) options+=' --from --to --store --prune' ;;
    diff) options+=' --live' ;;
    api-versions) options+=' --to' ;;
    simulate) options+=' --port --until-stdin-closes' ;;
    playbook) [[ $current == -* ]] || { COMPREPLY=($(compgen -W 'list show lint' -- "$current") $(compgen -f -- "$current")); return; } ;;
    '') [[ $current == -* ]] || { COMPREPLY=($(compgen -W "$commands" -- "$current")); return; } ;;
    esac
    COMPREPLY=($(compgen -W "$options" -- "$current"))
}
complete -F _rollback_console rollback-console
