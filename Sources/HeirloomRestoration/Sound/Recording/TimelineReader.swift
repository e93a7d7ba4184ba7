import Foundation
import HeirloomMedia
import HeirloomSignals

/// Reads a recording along the common timeline, at the working rate: each sample is interpolated once.
///
/// Reading forwards keeps what the next piece needs again; nothing else of the recording is in memory.
final class TimelineReader {
    /// The channels that are read.
    let channels: RecordingChannels
    private let recording: Recording
    private let warp: WarpedInterpolation
    /// Whether the recording's samples are the timeline's: nothing is interpolated then.
    private let isIdentity: Bool
    private let polarity: Float
    private let repairs: Bool
    private var repair: RecordingRepair?
    private var isAtEnd = false
    private var reader: AudioReader?
    private var held: [[Float]]
    private var heldStart = 0

    /// A reader.
    ///
    /// - Parameters:
    ///   - map: from the timeline's clock to the recording's.
    ///   - rate: samples per second of the timeline.
    ///   - polarity: −1 turns it around.
    ///   - repairs: whether offset, hum and cut-off peaks are taken out.
    init(
        _ recording: Recording, channels: RecordingChannels, map: ClockMap, rate: Int, polarity: Int,
        repairs: Bool = false
    ) {
        self.recording = recording
        self.channels = channels
        self.polarity = polarity < 0 ? -1 : 1
        self.repairs = repairs
        warp = WarpedInterpolation(
            map: map, fileRate: recording.info.sampleRate, fileSampleCount: recording.sampleCount, outputRate: rate)
        isIdentity = map == ClockMap() && rate == recording.info.sampleRate
        held = Array(repeating: [], count: channels.count)
    }

    /// A piece of the timeline, one array per channel; zeros where the recording has nothing.
    func samples(_ output: Range<Int>) throws -> [[Float]] {
        var result: [[Float]]
        if isIdentity {
            let inside = output.clamped(to: 0..<recording.sampleCount)
            guard !inside.isEmpty else { return held.map { _ in Self.zeros(output.count) } }
            try hold(inside)
            result = held.map { samples in
                Self.zeros(inside.lowerBound - output.lowerBound)
                    + samples[(inside.lowerBound - heldStart)..<(inside.upperBound - heldStart)]
                    + Self.zeros(output.count - inside.count - (inside.lowerBound - output.lowerBound))
            }
        } else {
            let needed = warp.fileRange(for: output)
            try hold(needed)
            result = held.map { samples in
                needed.isEmpty
                    ? Self.zeros(output.count) : warp.samples(output, of: samples, startingAt: heldStart)
            }
        }
        if polarity < 0 {
            for channel in result.indices {
                result[channel].withUnsafeMutableBufferPointer { for index in $0.indices { $0[index] = -$0[index] } }
            }
        }
        return result
    }

    /// Where the recording has sound, within a piece of the timeline: its own length, less lost buffers and muted stretches.
    func valid(_ output: Range<Int>) -> [Range<Int>] {
        var ranges = isIdentity ? [output.clamped(to: 0..<recording.sampleCount)] : warp.validRanges(in: output)
        let rate = Double(warp.outputRate)
        let fileRate = Double(recording.info.sampleRate)
        let reach = warp.fileRange(for: output)
        for gap in recording.gaps where gap.upperBound > reach.lowerBound && gap.lowerBound < reach.upperBound {
            guard let start = warp.map.referenceTime(at: Double(gap.lowerBound) / fileRate),
                let end = warp.map.referenceTime(at: Double(gap.upperBound) / fileRate)
            else { continue }
            let muted =
                Int(
                    (start * rate).rounded(.down))..<max(
                    Int((start * rate).rounded(.down)), Int((end * rate).rounded(.up)))
            ranges = ranges.flatMap { range in
                [
                    range.lowerBound..<max(range.lowerBound, min(range.upperBound, muted.lowerBound)),
                    min(range.upperBound, max(range.lowerBound, muted.upperBound))..<range.upperBound,
                ]
            }
        }
        return ranges.filter { !$0.isEmpty }
    }

    private static func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }

    /// Makes sure that a piece of the recording is held, and drops what came before it.
    private func hold(_ range: Range<Int>) throws {
        guard !range.isEmpty else { return }
        if range.lowerBound < heldStart || range.lowerBound > heldStart + held[0].count || reader == nil {
            held = Array(repeating: [], count: channels.count)
            heldStart = range.lowerBound
            isAtEnd = false
            if reader == nil { reader = try AudioReader(contentsOf: recording.url, track: recording.info.track) }
            try reader?.seek(to: heldStart)
            repair = repairs ? RecordingRepair(recording, channels: channels, clicks: false) : nil
        } else if range.lowerBound > heldStart {
            for index in held.indices { held[index].removeFirst(range.lowerBound - heldStart) }
            heldStart = range.lowerBound
        }
        while heldStart + held[0].count < range.upperBound {
            if isAtEnd {
                // A file that gives less than when it was listened to was changed meanwhile; silence keeps the timeline.
                let missing = range.upperBound - heldStart - held[0].count
                for index in held.indices { held[index] += Self.zeros(missing) }
            } else if let chunk = try reader?.read(max(4096, range.upperBound - heldStart - held[0].count)) {
                let chosen = channels.of(chunk.channels)
                take(repair?.process(chosen) ?? chosen)
            } else {
                isAtEnd = true
                if let rest = repair?.finish() { take(rest) }
            }
        }
    }

    private func take(_ samples: [[Float]]) {
        for index in held.indices { held[index] += samples[index] }
    }
}
