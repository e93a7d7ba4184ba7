import CSoxr
import Foundation

/// Changes the sample rate of sound that comes in pieces (libsoxr, very high quality, linear phase), without delay.
///
/// - The output of `n` samples has n·to/from samples, rounded; sample 0 stays at time 0.
/// - How the sound is cut into pieces does not change the output. Equal rates pass the samples through untouched.
public final class AudioResampler {
    private let from: Int
    private let to: Int
    private let channelCount: Int
    private var handle: OpaquePointer?
    private var taken = 0
    private var given = 0
    private var hasFinished = false

    /// Makes a resampler.
    ///
    /// - Parameters:
    ///   - from: samples in a second of what comes in.
    ///   - to: samples in a second of what goes out.
    /// - Precondition: 1 to 64 channels, rates of 1,000 to 768,000 Hz.
    /// - Throws: `libraryFailure` where the memory does not suffice.
    public init(from: Int, to: Int, channelCount: Int) throws(MediaError) {
        precondition(
            SoundLimits.channels.contains(channelCount) && SoundLimits.rates.contains(from)
                && SoundLimits.rates.contains(to),
            "1 to 64 channels at 1,000 to 768,000 Hz can be resampled, not \(channelCount) from \(from) to \(to) Hz")
        self.from = from
        self.to = to
        self.channelCount = channelCount
        guard from != to else { return }
        var error: soxr_error_t?
        var formats = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S)
        var quality = soxr_quality_spec(UInt(SOXR_28_BITQ), UInt(SOXR_LINEAR_PHASE))
        handle = soxr_create(Double(from), Double(to), UInt32(channelCount), &error, &formats, &quality, nil)
        guard handle != nil, error == nil else {
            throw MediaError(
                .libraryFailure, "resample", path: "\(from) Hz to \(to) Hz",
                reason: error.map { String(cString: $0) } ?? "the memory does not suffice")
        }
    }

    deinit { soxr_delete(handle) }

    /// Takes the next samples and gives those that are ready, possibly none.
    ///
    /// - Precondition: as many channels as the resampler was made for, all of one length; it is not finished.
    public func process(_ channels: [[Float]]) throws(MediaError) -> [[Float]] {
        precondition(!hasFinished, "a finished resampler takes no more samples")
        precondition(
            channels.count == channelCount && channels.allSatisfy { $0.count == channels[0].count },
            "a resampler for \(channelCount) channels cannot take channels of the lengths \(channels.map(\.count))")
        taken += channels[0].count
        guard handle != nil else { return channels }
        var result = [[Float]](repeating: [], count: channelCount)
        var start = 0
        while start < channels[0].count {
            let count = min(1 << 15, channels[0].count - start)
            let room = Int((Double(count) * Double(to) / Double(from)).rounded(.up)) + 64
            start += try run(channels, from: start, count: count, room: room, into: &result)
        }
        given += result[0].count
        return result
    }

    /// The samples that were held back, so that the output has its exact length.
    ///
    /// - Precondition: the resampler is not finished.
    public func finish() throws(MediaError) -> [[Float]] {
        precondition(!hasFinished, "a resampler is finished once")
        hasFinished = true
        var result = [[Float]](repeating: [], count: channelCount)
        guard handle != nil else { return result }
        let missing = AudioResampler.length(of: taken, from: from, to: to) - given
        while result[0].count < missing {
            let before = result[0].count
            _ = try run([], from: 0, count: 0, room: min(1 << 15, missing - before), into: &result)
            if result[0].count == before { break }
        }
        // libsoxr rounds the length its own way: at most one sample more or less.
        for channel in result.indices {
            if result[channel].count > missing { result[channel].removeLast(result[channel].count - max(0, missing)) }
            if result[channel].count < missing {
                result[channel] += repeatElement(0, count: missing - result[channel].count)
            }
        }
        given += result[0].count
        return result
    }

    /// The length of the output for `count` samples: count·to/from, rounded (halves up).
    public static func length(of count: Int, from: Int, to: Int) -> Int {
        let (whole, rest) = count.quotientAndRemainder(dividingBy: from)
        return whole * to + (2 * rest * to + from) / (2 * from)
    }

    private func run(
        _ channels: [[Float]], from start: Int, count: Int, room: Int, into result: inout [[Float]]
    ) throws(MediaError) -> Int {
        // One block of memory for all channels in and out, and the addresses of the channels in it.
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: max(1, channelCount * (count + room)))
        defer { memory.deallocate() }
        let targets = (0..<channelCount).map { UnsafeMutableRawPointer(memory + $0 * room) as UnsafeMutableRawPointer? }
        var sources: [UnsafeRawPointer?] = []
        for channel in channels.indices {
            let place = memory + channelCount * room + channel * count
            channels[channel].withUnsafeBufferPointer { samples in
                guard let base = samples.baseAddress else { return }
                place.initialize(from: base + start, count: count)
            }
            sources.append(UnsafeRawPointer(place))
        }
        var used = 0
        var done = 0
        let error = targets.withUnsafeBytes { targets in
            sources.withUnsafeBytes { sources in
                let outputs = UnsafeMutableRawPointer(mutating: targets.baseAddress)
                // Without samples, the end is announced.
                if channels.isEmpty { return soxr_process(handle, nil, 0, nil, outputs, room, &done) }
                return soxr_process(handle, sources.baseAddress, count, &used, outputs, room, &done)
            }
        }
        if let error {
            throw MediaError(
                .libraryFailure, "resample", path: "\(from) Hz to \(to) Hz", reason: String(cString: error))
        }
        precondition(channels.isEmpty || used > 0 || done > 0, "libsoxr neither takes nor gives samples")
        for channel in result.indices {
            result[channel].append(contentsOf: UnsafeBufferPointer(start: memory + channel * room, count: done))
        }
        return used
    }
}
