/// Compares a finished file with its source, to say what the container did not hold.
///
/// Muxers drop entries that they have no place for without a word; reading the result back is the only sure way to know.
enum OutputAudit {
    /// A sentence where the finished film does not state the colour of its frames.
    static func colorNote(_ format: VideoFormat, output: MediaSummary, container: VideoContainer) -> String? {
        guard let tagged = output.film?.picture?.taggedColor else { return "The finished file holds no film." }
        var lost: [String] = []
        if tagged.primaries != format.color.primaries { lost.append("primaries") }
        if tagged.transfer != format.color.transfer { lost.append("transfer") }
        if tagged.matrix != format.color.matrix { lost.append("matrix") }
        // Unstated means limited to every player.
        if format.color.range == .full && tagged.range != .full { lost.append("full range") }
        guard !lost.isEmpty else { return nil }
        return "\(container.title) does not state these of the film's colour with this codec, and players will guess: "
            + lost.joined(separator: ", ") + ". Another container may."
    }

    /// Sentences about what is in the source and not in the output; empty where nothing is missing.
    ///
    /// - Parameters:
    ///   - outputIndices: the output's stream for each stream of the source that was copied.
    ///   - wholeFilm: whether all chapters are expected.
    static func notes(
        source: MediaSummary, output: MediaSummary, outputIndices: [Int: Int], container: VideoContainer,
        wholeFilm: Bool
    ) -> [String] {
        var notes: [String] = []
        // Matroska keeps the time code with the file, QuickTime with the film.
        var entries = output.metadata
        for stream in output.streams { entries["timecode"] = entries["timecode"] ?? stream.metadata["timecode"] }
        // The time code of a film is wrong for a piece of it and was left out on purpose.
        if !wholeFilm { entries["timecode"] = "" }
        let lost = missing(source.metadata, in: entries)
        if !lost.isEmpty {
            notes.append("\(container.title) has no place for the file's entries \(lost.joined(separator: ", ")).")
        }
        for (index, outputIndex) in outputIndices.sorted(by: { $0.key < $1.key }) {
            guard output.streams.indices.contains(outputIndex) else {
                notes.append("Stream \(index) (\(source.streams[index].kind.rawValue)) did not arrive in the output.")
                continue
            }
            let (from, to) = (source.streams[index], output.streams[outputIndex])
            var kept = to.metadata
            if !wholeFilm { kept["timecode"] = "" }
            // A cover is a file in Matroska and has a name there; elsewhere it is just a picture.
            var lost = from.kind == .cover ? [] : missing(from.metadata, in: kept)
            lost += from.dispositions.filter { !to.dispositions.contains($0) && $0 != "attached_pic" }
                .map { "the mark '\($0)'" }
            if !lost.isEmpty {
                notes.append(
                    "\(container.title) has no place for these entries of stream \(index) (\(from.kind.rawValue)): "
                        + lost.joined(separator: ", ") + ".")
            }
        }
        if wholeFilm && output.chapters.count < source.chapters.count {
            notes.append("\(output.chapters.count) of \(source.chapters.count) chapters arrived in the output.")
        }
        return notes
    }

    private static func missing(_ source: [String: String], in output: [String: String]) -> [String] {
        let kept = Set(output.keys.map { $0.lowercased() })
        return source.filter { key, value in
            !Metadata.describesFile(key) && !kept.contains(key.lowercased()) && !value.isEmpty
                && !(key.lowercased() == "language" && value == "und") && key.lowercased() != "creation_time"
        }.keys.sorted().map { "'\($0)'" }
    }
}
