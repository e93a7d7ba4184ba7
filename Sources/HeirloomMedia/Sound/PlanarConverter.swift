import CLibAV
import Foundation

/// Brings decoded sound of any sample format to one array of floats per channel (libswresample).
///
/// Where a stream changes its rate or its channels on the way, the sound goes on in those that it began with.
final class PlanarConverter {
    let sampleRate: Int
    let channelCount: Int
    /// Whether the stream has changed on the way.
    private(set) var hasChanged = false

    private var layout = AVChannelLayout()
    private var swr: OpaquePointer?
    private var source: Source?

    /// What frames are like, as far as conversion depends on it.
    private struct Source: Equatable {
        let format: Int32
        let rate: Int32
        let channels: Int32

        init(_ frame: AVFrame) {
            (format, rate, channels) = (frame.format, frame.sample_rate, frame.ch_layout.nb_channels)
        }
    }

    /// Keeps to the rate and the channels of a frame.
    init(like frame: AVFrame, path: String, operation: String) throws(MediaError) {
        sampleRate = Int(frame.sample_rate)
        channelCount = Int(frame.ch_layout.nb_channels)
        try SoundLimits.require(channels: channelCount, rate: sampleRate, path: path, operation: operation)
        PlanarConverter.copy(frame.ch_layout, to: &layout)
    }

    deinit {
        swr_free(&swr)
        av_channel_layout_uninit(&layout)
    }

    /// The samples of a frame.
    ///
    /// - Returns: one array per channel; nil where libswresample refuses the frame.
    func convert(_ frame: UnsafeMutablePointer<AVFrame>) -> [[Float]]? {
        let count = Int(frame.pointee.nb_samples)
        guard count > 0, frame.pointee.ch_layout.nb_channels > 0, frame.pointee.sample_rate > 0 else { return nil }
        let new = Source(frame.pointee)
        if source != new {
            guard configure(for: frame.pointee) else { return nil }
            if source != nil { hasChanged = true }
            source = new
        }
        let isSameRate = Int(new.rate) == sampleRate
        if isSameRate && new.channels == channelCount && new.format == AV_SAMPLE_FMT_FLTP.rawValue {
            return (0..<channelCount).map { channel in
                guard let plane = frame.pointee.extended_data[channel] else {
                    return [Float](repeating: 0, count: count)
                }
                return plane.withMemoryRebound(to: Float.self, capacity: count) {
                    Array(UnsafeBufferPointer(start: $0, count: count))
                }
            }
        }
        let room = isSameRate ? count : Int(swr_get_out_samples(swr, Int32(count)))
        guard room > 0 else { return nil }
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: channelCount * room)
        defer { memory.deallocate() }
        var planes: [UnsafeMutablePointer<UInt8>?] = (0..<channelCount).map { channel in
            UnsafeMutableRawPointer(memory + channel * room).assumingMemoryBound(to: UInt8.self)
        }
        let planeCount = av_sample_fmt_is_planar(AVSampleFormat(rawValue: new.format)) != 0 ? Int(new.channels) : 1
        var inputs: [UnsafePointer<UInt8>?] = (0..<planeCount).map { UnsafePointer(frame.pointee.extended_data[$0]) }
        let got = Int(swr_convert(swr, &planes, Int32(room), &inputs, Int32(count)))
        guard got >= 0 else { return nil }
        return (0..<channelCount).map { Array(UnsafeBufferPointer(start: memory + $0 * room, count: got)) }
    }

    private func configure(for frame: AVFrame) -> Bool {
        var from = AVChannelLayout()
        PlanarConverter.copy(frame.ch_layout, to: &from)
        defer { av_channel_layout_uninit(&from) }
        swr_free(&swr)
        guard
            swr_alloc_set_opts2(
                &swr, &layout, AV_SAMPLE_FMT_FLTP, Int32(sampleRate), &from, AVSampleFormat(rawValue: frame.format),
                frame.sample_rate, 0, nil) >= 0
        else { return false }
        return swr_init(swr) >= 0
    }

    /// Channels whose places nobody states get the usual ones for their number, if there are any.
    private static func copy(_ layout: AVChannelLayout, to target: inout AVChannelLayout) {
        var source = layout
        if source.order == AV_CHANNEL_ORDER_UNSPEC {
            av_channel_layout_default(&target, source.nb_channels)
        } else {
            av_channel_layout_copy(&target, &source)
        }
    }
}
