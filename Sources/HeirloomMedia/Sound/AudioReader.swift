public import Foundation

/// Reads a sound file, or a sound track of a film, sample by sample: any place, any length, in constant memory.
///
/// libsndfile reads what it knows (WAV, W64, RF64, AIFF, CAF, FLAC, AU, …), FFmpeg all else (Ogg Vorbis, Opus, MP3, m4a,
/// AMR, G.722, the sound of MP4, QuickTime, Matroska and WebM films). A reader blocks and belongs to one thread.
///
/// - Sample 0 is the first sample that is heard: what a coding prepends for itself is not given. In a film it is heard
///   at `info.startTime`. Where a film's timestamps leave a gap, silence fills it; see `notes`.
/// - A place reached by `seek` gives the same samples as reading up to it, but for the noise that AAC makes up itself.
/// - Samples that are no numbers, infinite or beyond ±1,000,000 are given as 0 and counted in `invalidSampleCount`.
public final class AudioReader {
    static let operation = "read the sound"

    /// What the file is and says about itself.
    public let info: AudioInfo
    /// The sample that the next call of `read` begins with.
    public private(set) var position = 0
    /// Samples replaced by 0 because they were no usable numbers, up to the furthest place read.
    public private(set) var invalidSampleCount = 0

    private let source: any SoundSource
    private var furthest = 0

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - url: a file; anything else is refused.
    ///   - track: the position among the sound tracks of a film, from 0; nil for the one that players choose.
    /// - Throws: `notFound`, `empty`, `isDirectory`, `unreadable`; `corrupt` for damaged headers and for what is no
    ///   sound; `noSound` for films and pictures without sound; `outOfRange` for a track that is not there;
    ///   `unsupported` for unknown codings and impossible headers.
    public init(contentsOf url: URL, track: Int? = nil) throws(MediaError) {
        let path = try AudioReader.path(of: url, operation: AudioReader.operation)
        try FileChecks.requireReadable(path, operation: AudioReader.operation)
        let direct = try SndFileSource(url: url, path: path)
        if let direct {
            source = direct
        } else {
            source = try FilmSoundSource(url: url, path: path, track: track)
        }
        info = source.info
        if direct != nil, let track, track != 0 {
            throw MediaError(
                .outOfRange, AudioReader.operation, path: path,
                reason: "it has one sound track, there is none with the number \(track)", advice: "tracks count from 0")
        }
    }

    /// Sentences about damage that was passed over and about what was assumed, for the log; they grow while reading.
    public var notes: [String] {
        guard invalidSampleCount > 0 else { return source.notes }
        return source.notes + [
            "\(invalidSampleCount) sample\(invalidSampleCount == 1 ? " was" : "s were") no usable number"
                + " (NaN, infinite or huge) and became silence."
        ]
    }

    /// Reads the next samples.
    ///
    /// - Parameter count: how many of each channel; fewer are given only at the end.
    /// - Returns: the samples, at least one of each channel; nil at the end.
    /// - Throws: `unreadable` where the disk fails. Damage does not throw: what can be read is given, see `notes`.
    /// - Precondition: `count` is positive.
    public func read(_ count: Int) throws(MediaError) -> AudioChunk? {
        precondition(count > 0, "\(count) samples cannot be read")
        var channels = try source.read(count)
        guard let first = channels.first, !first.isEmpty else { return nil }
        let known = max(0, min(first.count, furthest - position))
        for index in channels.indices { invalidSampleCount += AudioReader.clean(&channels[index], countedFrom: known) }
        let chunk = AudioChunk(start: position, channels: channels)
        position += first.count
        furthest = max(furthest, position)
        return chunk
    }

    /// Goes to a sample, so that the next call of `read` begins there; behind the end there is nothing to read.
    ///
    /// - Throws: `unreadable` where the disk fails.
    /// - Precondition: `sample` is not negative.
    public func seek(to sample: Int) throws(MediaError) {
        precondition(sample >= 0, "there is no sample \(sample)")
        guard sample != position else { return }
        try source.seek(to: sample)
        position = sample
    }

    static func path(of url: URL, operation: String) throws(MediaError) -> String {
        guard url.isFileURL else {
            throw MediaError(
                .unsupported, operation, path: url.absoluteString, reason: "it is an address, not a file",
                advice: "download it first")
        }
        return url.path
    }

    /// Replaces values that are no usable numbers by 0; returns how many there were from a place on.
    private static func clean(_ samples: inout [Float], countedFrom known: Int) -> Int {
        // Decided by one pass that finds nothing in sound files: a comparison is false for NaN.
        let isClean = samples.withUnsafeBufferPointer { buffer in
            var worst: Float = 0
            var index = 0
            while index < buffer.count {
                let magnitude = abs(buffer[index])
                if !(magnitude <= 1e6) { worst = 2e6 }
                index += 1
            }
            return worst == 0
        }
        if isClean { return 0 }
        var found = 0
        for index in samples.indices where !(abs(samples[index]) <= 1e6) {
            samples[index] = 0
            if index >= known { found += 1 }
        }
        return found
    }
}
