import CSndFile
public import Foundation

/// Writes a sound file beside its target and renames it when whole.
///
/// The ending chooses the kind: .wav (RF64 by itself beyond 4 GiB), .w64, .rf64, .aiff, .caf, .flac, .ogg (Vorbis),
/// .opus, .mp3. A writer blocks and belongs to one thread. Dropping a writer that was not finished removes what it
/// wrote.
///
/// - Whole-number formats clip at full scale and count it; 16 bit is dithered (triangular, reproducible) wherever a
///   sample is not exactly one of its values.
public final class AudioWriter {
    static let operation = "write the sound"

    /// Samples that lay beyond full scale and were clipped to it; whole-number formats only.
    public private(set) var clippedSampleCount = 0
    /// Samples written so far, of each channel.
    public private(set) var sampleCount = 0
    /// How the samples are stored.
    public let format: SampleFormat

    private let path: String
    private let container: AudioContainer
    private let sampleRate: Int
    private let channelCount: Int
    private var output: Output?
    private var quantizer: Quantizer?
    private var floats: [Float] = []
    private var integers: [Int32] = []
    private var notes: [String] = []
    private let cues: [AudioCue]

    /// What exists while the file is being written; gone after the end or a failure, and the hidden file with it.
    private final class Output {
        var partial: PartialFile
        var handle: OpaquePointer?

        init(_ partial: consuming PartialFile) { self.partial = partial }

        deinit { if let handle { sf_close(handle) } }
    }

    /// At most this many samples of all channels are given to the library at once.
    private static let block = 1 << 16

    /// Opens a hidden file beside the target.
    ///
    /// - Parameters:
    ///   - url: the target; its ending chooses the kind of file.
    ///   - format: how samples are stored; nil for the best of the kind (24 bit; lossy kinds leave no choice).
    ///   - tags: title, artist, copyright, software, comment, date, album, license, tracknumber, genre.
    ///   - broadcast: the broadcast extension, for WAV only.
    ///   - cues: marked places, for WAV and AIFF only.
    ///   - inputs: files that must not be overwritten.
    ///   - overwrite: whether a file of that name may be replaced.
    ///   - ditherSeed: equal seeds give equal files.
    /// - Throws: what `check` throws; `diskFull`, `writeFailed`.
    public init(
        to url: URL, sampleRate: Int, channelCount: Int, format: SampleFormat? = nil, tags: [String: String] = [:],
        broadcast: BroadcastInfo? = nil, cues: [AudioCue] = [], inputs: [URL] = [], overwrite: Bool = false,
        ditherSeed: UInt64 = 0
    ) throws(MediaError) {
        let operation = AudioWriter.operation
        path = try AudioReader.path(of: url, operation: operation)
        container = try AudioContainer(path: path, operation: operation)
        self.format = format ?? container.formats[0]
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        self.cues = cues
        try container.require(
            self.format, sampleRate: sampleRate, channelCount: channelCount, path: path, operation: operation)
        quantizer = self.format.integerBits.map { Quantizer(bits: $0, seed: ditherSeed) }
        let output = Output(
            try PartialFile(target: path, operation: operation, inputs: inputs.map(\.path), overwrite: overwrite))
        var facts = SF_INFO()
        facts.samplerate = Int32(sampleRate)
        facts.channels = Int32(channelCount)
        facts.format = Int32(container.code(self.format))
        errno = 0
        output.handle = sf_open(output.partial.path, Int32(SFM_WRITE), &facts)
        guard let handle = output.handle else { throw AudioWriter.failure(nil, path: path) }
        self.output = output
        prepare(handle, tags: tags, broadcast: broadcast)
    }

    /// Refuses what the initializer would refuse, without making anything.
    ///
    /// - Throws: `exists`, `sameFile`, `isDirectory`, `notWritable`; `unsupported` for unknown endings and for rates,
    ///   channels and formats that the kind of file cannot hold, saying what can.
    public static func check(
        _ url: URL, sampleRate: Int, channelCount: Int, format: SampleFormat? = nil, inputs: [URL] = [],
        overwrite: Bool = false
    ) throws(MediaError) {
        let path = try AudioReader.path(of: url, operation: operation)
        let container = try AudioContainer(path: path, operation: operation)
        try container.require(
            format ?? container.formats[0], sampleRate: sampleRate, channelCount: channelCount, path: path,
            operation: operation)
        try FileChecks.requireWritable(path, operation: operation, inputs: inputs.map(\.path), overwrite: overwrite)
    }

    /// The sample formats that a kind of file holds, the best for speech first.
    ///
    /// - Throws: `unsupported` for endings that sound is not written to.
    public static func formats(for url: URL) throws(MediaError) -> [SampleFormat] {
        try AudioContainer(path: url.path, operation: operation).formats
    }

    /// Writes the next samples.
    ///
    /// - Precondition: as many channels as the file has, all of one length; the writer is neither finished nor failed.
    /// - Throws: `diskFull`, `writeFailed` (also for values that are no numbers); nothing can be written afterwards.
    public func write(_ channels: [[Float]]) throws(MediaError) {
        precondition(
            channels.count == channelCount && channels.allSatisfy { $0.count == channels[0].count },
            "a file of \(channelCount) channels cannot take channels of the lengths \(channels.map(\.count))")
        guard let handle = output?.handle else {
            preconditionFailure("the writer of '\(path)' is finished or has failed")
        }
        var start = 0
        while start < channels[0].count {
            let count = min(max(1, AudioWriter.block / channelCount), channels[0].count - start)
            do throws(MediaError) {
                Interleaving.interleaved(channels, from: start, count: count, into: &floats)
                try requireNumbers(count * channelCount)
                try requireRoom(for: count)
                try write(count, to: handle)
            } catch {
                output = nil
                throw error
            }
            start += count
            sampleCount += count
        }
    }

    /// Completes the file, looks whether all of it arrived, and gives it its name.
    ///
    /// - Returns: sentences about what the kind of file has no place for; empty where all went through.
    /// - Throws: `diskFull`, `writeFailed`, `exists`; the hidden file is removed then.
    /// - Precondition: the writer is neither finished nor failed.
    @discardableResult
    public func finish() throws(MediaError) -> [String] {
        guard let output, let handle = output.handle else {
            preconditionFailure("the writer of '\(path)' is finished or has failed")
        }
        self.output = nil
        errno = 0
        sf_write_sync(handle)
        let problem = sf_error(handle) == 0 ? nil : AudioWriter.failure(handle, path: path)
        output.handle = nil
        if sf_close(handle) != 0 || problem != nil { throw problem ?? AudioWriter.failure(nil, path: path) }
        if container == .wav && !cues.isEmpty {
            let isKept = try WAVCues.append(
                cues, to: output.partial.path, target: path, operation: AudioWriter.operation)
            if !isKept { notes.append("A WAV file of this length has no place for the marked places.") }
        }
        try requireArrival(output.partial.path)
        try output.partial.commit()
        return notes
    }

    /// Removes what was written so far; the writer cannot be used afterwards.
    public func cancel() { output = nil }

    private func write(_ count: Int, to handle: OpaquePointer) throws(MediaError) {
        let all = count * channelCount
        errno = 0
        var written: sf_count_t = 0
        if quantizer != nil {
            if integers.count < all { integers = [Int32](repeating: 0, count: all) }
            floats.withUnsafeBufferPointer { source in
                integers.withUnsafeMutableBufferPointer { target in
                    quantizer?.quantize(UnsafeBufferPointer(rebasing: source[..<all]), into: target)
                }
            }
            clippedSampleCount = quantizer?.clipped ?? 0
            written = sf_writef_int(handle, integers, sf_count_t(count))
        } else {
            written = sf_writef_float(handle, floats, sf_count_t(count))
        }
        if written != sf_count_t(count) { throw AudioWriter.failure(handle, path: path) }
    }

    private func requireNumbers(_ count: Int) throws(MediaError) {
        let isFinite = floats.withUnsafeBufferPointer { buffer in
            var index = 0
            while index < count {
                if !(abs(buffer[index]) < .infinity) { return false }
                index += 1
            }
            return true
        }
        guard !isFinite else { return }
        throw MediaError(
            .writeFailed, AudioWriter.operation, path: path,
            reason: "the sound to write holds values that are no numbers, near sample \(sampleCount)",
            advice: "this is a fault of the program: please report it")
    }

    private func requireRoom(for count: Int) throws(MediaError) {
        guard container == .aiff else { return }
        let bytes = (sampleCount + count) * channelCount * ((format.integerBits ?? (format == .float64 ? 64 : 32)) / 8)
        guard bytes > 0xFFFF_0000 else { return }
        throw MediaError(
            .unsupported, AudioWriter.operation, path: path, reason: "AIFF holds at most 4 GiB",
            advice: "write .wav, .w64 or .flac")
    }

    /// Reads the finished file's header back: the one sure way to know that all of it is there.
    private func requireArrival(_ hidden: String) throws(MediaError) {
        guard sampleCount > 0, !container.isLossy else { return }
        var facts = SF_INFO()
        guard let handle = SndFile.open(hidden, &facts) else { throw AudioWriter.failure(nil, path: path) }
        sf_close(handle)
        guard Int(facts.frames) != sampleCount else { return }
        throw MediaError(
            .writeFailed, AudioWriter.operation, path: path,
            reason: "\(facts.frames) of \(sampleCount) samples arrived in the file", advice: "check the disk")
    }

    private func prepare(_ handle: OpaquePointer, tags: [String: String], broadcast: BroadcastInfo?) {
        if container == .wav { sf_command(handle, Int32(SFC_RF64_AUTO_DOWNGRADE), nil, Int32(SF_TRUE)) }
        // It would hold the time of writing; equal sound shall give equal files.
        sf_command(handle, Int32(SFC_SET_ADD_PEAK_CHUNK), nil, Int32(SF_FALSE))
        if container.isLossy {
            // Near the best of each coding: about 220 kbit/s for Vorbis, 130 a channel for Opus, V0 for MP3.
            var level = container == .opus ? 0.5 : container == .mp3 ? 0.0 : 0.3
            if container == .mp3 {
                var mode = Int32(SF_BITRATE_MODE_VARIABLE)
                sf_command(handle, Int32(SFC_SET_BITRATE_MODE), &mode, Int32(MemoryLayout<Int32>.size))
            }
            sf_command(handle, Int32(SFC_SET_COMPRESSION_LEVEL), &level, Int32(MemoryLayout<Double>.size))
        }
        var lost = SndFile.write(tags: tags, to: handle)
        if let broadcast, !SndFile.write(broadcast, to: handle) { lost.append("the broadcast extension") }
        if !cues.isEmpty, container != .wav, !SndFile.write(cues, to: handle) { lost.append("the marked places") }
        if !lost.isEmpty { notes.append("\(container.title) has no place for \(lost.joined(separator: ", ")).") }
    }

    private static func failure(_ handle: OpaquePointer?, path: String) -> MediaError {
        let number = errno
        let words = SndFile.words(handle)
        for cause in [ENOSPC, EDQUOT] where number == cause || words.contains(FileChecks.describe(errno: cause)) {
            return FileChecks.writeFailure(errno: cause, target: path, operation: operation)
        }
        if number == EFBIG { return FileChecks.writeFailure(errno: EFBIG, target: path, operation: operation) }
        return MediaError(.writeFailed, operation, path: path, reason: words, advice: "check the disk")
    }
}
