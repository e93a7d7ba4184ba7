import CLibAV
public import Foundation

/// Replaces the sound of a film: the picture and every other stream are copied packet for packet.
public enum FilmSound {
    static let operation = "write the film with its new sound"

    /// Copies a film with one sound track replaced by a sound file.
    ///
    /// - Parameters:
    ///   - film: the film.
    ///   - track: the position of the track to replace among the film's sound tracks, from 0; nil for the one that
    ///     players choose.
    ///   - sound: the new sound; its first sample is heard when the first sample of the old track was
    ///     (`AudioInfo.startTime`).
    ///   - output: the new film; its ending (.mp4, .m4v, .mov, .mkv) chooses the container.
    ///   - keepOriginal: whether the old track is kept behind the new one.
    ///   - overwrite: whether a file of that name may be replaced.
    ///   - progress: called with the fraction written.
    /// - Returns: sentences about what the container could not hold; empty where all went through.
    /// - Throws: what `AudioReader` and `check` throw; `diskFull`, `writeFailed`; nothing half-written is left.
    public static func replaceSound(
        of film: URL, track: Int? = nil, with sound: URL, to output: URL, keepOriginal: Bool = false,
        overwrite: Bool = false, progress: (Double) -> Void = { _ in }
    ) throws(MediaError) -> [String] {
        try check(output: output, inputs: [film, sound], overwrite: overwrite)
        let path = try AudioReader.path(of: film, operation: AudioReader.operation)
        let old = try FilmSoundSource(url: film, path: path, track: track)
        guard old.hasPicture else {
            throw MediaError(
                .noVideo, operation, path: path, reason: "it holds sound but no picture",
                advice: "write the sound to a name that ends in .wav or .flac")
        }
        let new = try AudioReader(contentsOf: sound)
        let job = try SoundReplacement(
            film: path, stream: old.streamIndex, start: old.info.startTime, sound: new, output: output.path,
            keepOriginal: keepOriginal, overwrite: overwrite)
        return try job.run(progress)
    }

    /// Refuses what `replaceSound` would refuse about names, without making anything.
    ///
    /// - Throws: `exists`, `sameFile`, `isDirectory`, `notWritable`; `unsupported` for unknown endings.
    public static func check(output: URL, inputs: [URL], overwrite: Bool = false) throws(MediaError) {
        let path = try AudioReader.path(of: output, operation: operation)
        _ = try VideoContainer(path: path, operation: operation)
        try FileChecks.requireWritable(path, operation: operation, inputs: inputs.map(\.path), overwrite: overwrite)
    }
}
