/// A shell script that gives films to a Slurm cluster: an array of shares for each film, and a job that joins them.
struct SlurmScript {
    /// The program, a whole path.
    let program: String
    /// What is done, with its options.
    let words: [String]
    /// Shares of each film.
    let shards: Int
    /// Options for sbatch.
    let sbatch: [String]
    /// The films and their results, whole paths.
    let films: [(input: String, output: String)]

    /// The script.
    var text: String {
        let options = sbatch.map { " " + Self.quoted($0) }.joined()
        let rest = words.dropFirst().map { " " + Self.quoted($0) }.joined()
        let overwrites = words.contains("--overwrite")
        let done =
            overwrites ? "" : "\n    if [ -e \"$RESULT\" ]; then echo \"there already: $RESULT\"; return; fi"
        return """
            #!/bin/bash
            # Does \(films.count == 1 ? "a film" : "\(films.count) films") on a Slurm cluster, in \(shards) share\
            \(shards == 1 ? "" : "s")\(films.count == 1 ? "" : " each"). Run it where sbatch is: bash THIS-FILE
            # Run it again after anything went wrong: finished work is kept and not done twice.
            set -euo pipefail
            export HEIRLOOM=\(Self.quoted(program))

            submit() { # FILM RESULT
                export FILM=$1 RESULT=$2
                local folder shares logs=${2//%/%%}\(done)
                folder=$(dirname "$RESULT")
                mkdir -p "$folder"
                shares=$(sbatch --parsable --requeue --job-name=heirloom --array=1-\(shards) --export=ALL \\
                    --chdir="$folder" --output="$logs.share-%a.log"\(options) <<'END'
            #!/bin/bash
            exec "$HEIRLOOM" \(Self.quoted(words[0])) "$FILM" -o "$RESULT"\(rest) \\
                --shard "$SLURM_ARRAY_TASK_ID/\(shards)" --progress plain
            END
                )
                sbatch --job-name=heirloom-join --dependency="afterok:${shares%%;*}" --kill-on-invalid-dep=yes \\
                    --export=ALL --chdir="$folder" --output="$logs.join.log"\(options) <<'END'
            #!/bin/bash
            "$HEIRLOOM" join "$RESULT"\(overwrites ? " --overwrite" : "") && rm -f "$RESULT".share-*.log "$RESULT".join.log
            END
            }

            \(films.map { "submit \(Self.quoted($0.input)) \(Self.quoted($0.output))" }.joined(separator: "\n"))
            """
    }

    /// A word as a shell takes it, whatever is in it.
    static func quoted(_ word: String) -> String {
        let plain =
            !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+,=@%:".contains($0)) }
        return plain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
