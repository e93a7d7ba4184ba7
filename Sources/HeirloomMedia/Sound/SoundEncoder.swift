import CLibAV
import Foundation

/// A libavcodec encoder for the sound track of a film. Used on one thread.
final class SoundEncoder {
    /// What the track is coded as.
    enum Coding {
        /// Lossy, for MP4 and QuickTime: 160 kbit/s a channel, or what the sample rate allows.
        case aac
        /// Lossless of 24 bits, for Matroska.
        case flac
    }

    private(set) var context: UnsafeMutablePointer<AVCodecContext>?
    /// The rate that the encoder wants: the given one where it can have it.
    let sampleRate: Int

    private let path: String
    private let operation: String
    private let coding: Coding
    private let channelCount: Int
    private let frameSize: Int
    private var quantizer = Quantizer(bits: 24, seed: 0)
    private var waiting: [[Float]]
    private var pts: Int64 = 0
    private var packet: UnsafeMutablePointer<AVPacket>?

    /// Opens an encoder whose first sample has the timestamp 0.
    init(
        _ coding: Coding, sampleRate: Int, channelCount: Int, needsGlobalHeader: Bool, path: String, operation: String
    ) throws(MediaError) {
        guard (1...8).contains(channelCount) else {
            throw MediaError(
                .unsupported, operation, path: path, reason: "its sound track cannot have \(channelCount) channels",
                advice: "1 to 8 channels can be written")
        }
        let identifier = coding == .aac ? AV_CODEC_ID_AAC : AV_CODEC_ID_FLAC
        guard let codec = avcodec_find_encoder(identifier), let made = avcodec_alloc_context3(codec) else {
            throw MediaError(
                .libraryFailure, operation, path: path, reason: "this FFmpeg has no encoder for its sound",
                advice: "install a complete FFmpeg")
        }
        self.coding = coding
        self.sampleRate = SoundEncoder.rate(sampleRate, of: codec)
        self.channelCount = channelCount
        self.path = path
        self.operation = operation
        waiting = [[Float]](repeating: [], count: channelCount)
        context = made
        packet = av_packet_alloc()
        made.pointee.sample_rate = Int32(self.sampleRate)
        made.pointee.time_base = AVRational(num: 1, den: Int32(self.sampleRate))
        made.pointee.sample_fmt = coding == .aac ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_S32
        made.pointee.bits_per_raw_sample = coding == .aac ? 0 : 24
        made.pointee.bit_rate =
            coding == .aac ? Int64(Self.aacBitRate(sampleRate: self.sampleRate, channelCount: channelCount)) : 0
        av_channel_layout_default(&made.pointee.ch_layout, Int32(channelCount))
        if needsGlobalHeader { made.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
        let mark = LibraryLog.mark()
        let status = avcodec_open2(made, codec, nil)
        frameSize = Int(made.pointee.frame_size)
        if status < 0 {
            throw LibraryError(status, since: mark).mediaError(.unsupported, operation, path: path)
        }
    }

    deinit {
        avcodec_free_context(&context)
        av_packet_free(&packet)
    }

    /// Sets the timestamp of the first sample, in seconds: before any sample is given.
    func begin(at start: Double) {
        pts = Int64((start * Double(sampleRate)).rounded())
    }

    /// Encodes samples at the encoder's rate; nil drains it.
    ///
    /// - Parameter body: called with each packet, borrowed for the call, its timestamps in samples.
    func encode(
        _ channels: [[Float]]?, _ body: (UnsafeMutablePointer<AVPacket>) throws(MediaError) -> Void
    ) throws(MediaError) {
        if let channels {
            for channel in waiting.indices { waiting[channel] += channels[channel] }
        }
        var used = 0
        let count = waiting[0].count
        while count - used >= frameSize || (channels == nil && count > used) {
            let length = min(frameSize, count - used)
            let frame = try frame(from: used, count: length)
            try send(frame.pointer, body)
            used += length
        }
        for channel in waiting.indices { waiting[channel].removeFirst(used) }
        if channels == nil { try send(nil, body) }
    }

    private func send(
        _ frame: UnsafeMutablePointer<AVFrame>?, _ body: (UnsafeMutablePointer<AVPacket>) throws(MediaError) -> Void
    ) throws(MediaError) {
        let mark = LibraryLog.mark()
        var status = avcodec_send_frame(context, frame)
        while status >= 0, let packet {
            status = avcodec_receive_packet(context, packet)
            if status >= 0 {
                defer { av_packet_unref(packet) }
                try body(packet)
            }
        }
        if status < 0 && status != heirloom_averror(EAGAIN) && status != heirloom_averror_eof() {
            throw LibraryError(status, since: mark).mediaError(.libraryFailure, operation, path: path)
        }
    }

    private func frame(from start: Int, count: Int) throws(MediaError) -> AVFrameBox {
        let box = AVFrameBox()
        let frame = box.pointer
        frame.pointee.nb_samples = Int32(count)
        frame.pointee.sample_rate = Int32(sampleRate)
        frame.pointee.format = (coding == .aac ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_S32).rawValue
        frame.pointee.pts = pts
        av_channel_layout_default(&frame.pointee.ch_layout, Int32(channelCount))
        guard av_frame_get_buffer(frame, 0) >= 0, let planes = frame.pointee.extended_data else {
            throw MediaError(.libraryFailure, operation, path: path, reason: "the memory does not suffice")
        }
        pts += Int64(count)
        switch coding {
        case .aac:
            for channel in 0..<channelCount {
                waiting[channel].withUnsafeBytes { source in
                    guard let plane = planes[channel], let base = source.baseAddress else { return }
                    memcpy(plane, base + 4 * start, 4 * count)
                }
            }
        case .flac:
            var floats: [Float] = []
            Interleaving.interleaved(waiting, from: start, count: count, into: &floats)
            guard let plane = planes[0] else { return box }
            plane.withMemoryRebound(to: Int32.self, capacity: count * channelCount) { target in
                floats.withUnsafeBufferPointer {
                    quantizer.quantize($0, into: UnsafeMutableBufferPointer(start: target, count: count * channelCount))
                }
            }
        }
        return box
    }

    /// Bits of AAC in a second.
    static func aacBitRate(sampleRate: Int, channelCount: Int) -> Int { channelCount * min(160_000, 5 * sampleRate) }

    /// The given rate where the encoder knows it, else the nearest above, else the highest.
    private static func rate(_ wanted: Int, of codec: UnsafePointer<AVCodec>) -> Int {
        guard var entry = codec.pointee.supported_samplerates else { return wanted }
        var rates: [Int] = []
        while entry.pointee != 0 {
            rates.append(Int(entry.pointee))
            entry += 1
        }
        return rates.filter { $0 >= wanted }.min() ?? rates.max() ?? wanted
    }
}
