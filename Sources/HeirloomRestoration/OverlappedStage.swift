public import HeirloomMedia

/// A stage whose first and last steps need none of its state, so that other threads can do them.
///
/// A film job prepares frames on the thread that decodes and completes them on the one that encodes, while the stage's
/// own thread does what only it can. Used as a plain ``FrameStage`` it does the same work in the same order.
public protocol OverlappedStage: FrameStage {
    /// What the stage needs to know of a frame; the same for a frame whenever it is called.
    var preparation: @Sendable (VideoFrame) -> PreparedFrame { get }

    /// Takes the next frame, prepared, and gives those that are as good as finished.
    ///
    /// - Throws: as ``FrameStage/process(_:)``.
    mutating func process(_ frame: PreparedFrame) throws -> [UnpaintedFrame]

    /// Gives the frames still held back; called once, after the last frame.
    mutating func finishUnpainted() throws -> [UnpaintedFrame]
}

extension OverlappedStage {
    /// Takes the next frame and gives those that are finished.
    public mutating func process(_ frame: VideoFrame) throws -> [VideoFrame] {
        try process(preparation(frame)).map { $0.painted() }
    }

    /// Gives the frames still held back.
    public mutating func finish() throws -> [VideoFrame] { try finishUnpainted().map { $0.painted() } }
}

/// A frame with its samples as a network will see them.
public struct PreparedFrame: Sendable {
    /// The frame as decoded.
    public let frame: VideoFrame
    /// What the stage asked for, plane by plane and row by row; empty where it wants nothing.
    public let numbers: [Float]

    /// A prepared frame from its parts.
    public init(frame: VideoFrame, numbers: [Float] = []) {
        self.frame = frame
        self.numbers = numbers
    }

    /// The bytes that it holds, for queues that are bounded in bytes.
    public var byteCount: Int { frame.byteCount + numbers.count * MemoryLayout<Float>.stride }
}

/// A frame whose new samples are decided but not yet written.
public struct UnpaintedFrame: Sendable {
    /// The frame as it came in.
    public let frame: VideoFrame
    private let byteOverhead: Int
    private let paint: (@Sendable (VideoFrame) -> VideoFrame)?

    /// A frame that is already what it shall be.
    public init(finished frame: VideoFrame) {
        self.frame = frame
        byteOverhead = 0
        paint = nil
    }

    /// A frame and how it is painted.
    ///
    /// - Parameters:
    ///   - byteOverhead: bytes that `paint` holds.
    ///   - paint: a pure function, called once on any thread.
    public init(frame: VideoFrame, byteOverhead: Int, paint: @escaping @Sendable (VideoFrame) -> VideoFrame) {
        self.frame = frame
        self.byteOverhead = byteOverhead
        self.paint = paint
    }

    /// The frame with its new samples.
    public func painted() -> VideoFrame { paint.map { $0(frame) } ?? frame }

    /// The bytes that it holds, for queues that are bounded in bytes.
    public var byteCount: Int { frame.byteCount + byteOverhead }
}
