import CLibAV
import Synchronization

/// Learns from a decoder's log which of its frames are damaged.
///
/// Flags on frames do not suffice: FFV1 conceals slices whose checksum is wrong and says so in the log only, and H.264
/// decoding on several threads sets its flag too late now and then. Each decoding thread has a context of its own; the
/// buffer callback tells which frame it works on, so that an error line in the log finds its frame. All frames that
/// the decoder has handed out are decoded by then, so the answer does not depend on the threads' timing.
final class DecoderWatch: Sendable {
    private struct State {
        var current: [UInt: Int64] = [:]
        var damaged: Set<Int64> = []
        var packet: Int64 = 0
    }

    private let state = Mutex(State())

    /// The watches alive, by the address that a decoder carries: a foreign decoder in the process may carry anything.
    private static let living = Mutex<Set<UInt>>([])

    /// Lines that decoders call errors but that damage nothing one sees.
    private static let harmless = ["mmco: ", "co located POCs", "number of reference frames", "illegal short term"]

    init() {
        let address = UInt(bitPattern: Unmanaged.passUnretained(self).toOpaque())
        DecoderWatch.living.withLock { _ = $0.insert(address) }
    }

    deinit {
        let address = UInt(bitPattern: Unmanaged.passUnretained(self).toOpaque())
        DecoderWatch.living.withLock { _ = $0.remove(address) }
    }

    /// Puts itself into a decoder that is not opened yet; the decoder must be freed before the watch is.
    func attach(to context: UnsafeMutablePointer<AVCodecContext>) {
        context.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
        heirloom_codec_allow_threaded_callbacks(context)
        context.pointee.get_buffer2 = { context, frame, flags in
            if let context, let frame, let watch = DecoderWatch.of(context) {
                let key = DecoderWatch.key(frame)
                let address = UInt(bitPattern: context)
                watch.state.withLock { $0.current[address] = key }
            }
            return avcodec_default_get_buffer2(context, frame, flags)
        }
    }

    /// Tells which packet is sent next: for errors of decoders that ask for no buffer.
    func send(_ packet: UnsafeMutablePointer<AVPacket>?) {
        guard let packet else { return }
        let pts = packet.pointee.pts
        state.withLock { $0.packet = pts != heirloom_nopts() ? pts : packet.pointee.dts }
    }

    /// Whether the decoder logged an error while it worked on a frame; asked once, when it hands the frame out.
    func takeDamage(of frame: UnsafeMutablePointer<AVFrame>) -> Bool {
        let key = DecoderWatch.key(frame)
        return state.withLock { $0.damaged.remove(key) != nil }
    }

    /// Called with every error line of FFmpeg, on the thread that wrote it.
    static func hear(_ text: String, from object: UnsafeMutableRawPointer?) {
        guard let object, !harmless.contains(where: { text.hasPrefix($0) }) else { return }
        // Everything that logs begins with the address of its class.
        guard object.load(as: UnsafePointer<AVClass>?.self) == avcodec_get_class() else { return }
        let context = object.assumingMemoryBound(to: AVCodecContext.self)
        guard let watch = DecoderWatch.of(context) else { return }
        let address = UInt(bitPattern: context)
        watch.state.withLock { state in
            _ = state.damaged.insert(state.current[address] ?? state.packet)
        }
    }

    private static func key(_ frame: UnsafeMutablePointer<AVFrame>) -> Int64 {
        frame.pointee.pts != heirloom_nopts() ? frame.pointee.pts : frame.pointee.pkt_dts
    }

    private static func of(_ context: UnsafeMutablePointer<AVCodecContext>) -> DecoderWatch? {
        guard let opaque = context.pointee.opaque else { return nil }
        let address = UInt(bitPattern: opaque)
        // The decoder that logs is being used, so its watch outlives this call once it is known to be one.
        guard living.withLock({ $0.contains(address) }) else { return nil }
        return Unmanaged<DecoderWatch>.fromOpaque(opaque).takeUnretainedValue()
    }
}
