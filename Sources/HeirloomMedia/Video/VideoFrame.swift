/// One picture of a film with its place in time: immutable, and free to cross threads.
public struct VideoFrame: Sendable {
    /// The samples of luma or of one chroma.
    public struct Plane: Sendable {
        /// Samples in a line.
        public let width: Int
        /// Lines.
        public let height: Int
        /// Bytes from one line to the next; at least the bytes of the samples in a line.
        public let bytesPerRow: Int
        /// All lines, top first. 8-bit samples are `UInt8`, deeper ones little-endian `UInt16`; the storage is aligned
        /// for either.
        public let bytes: [UInt8]

        /// Makes a plane.
        ///
        /// - Precondition: `bytes` holds `height` lines of `bytesPerRow` bytes (the last may end with its samples).
        public init(width: Int, height: Int, bytesPerRow: Int, bytes: [UInt8]) {
            precondition(width > 0 && height > 0 && bytesPerRow >= width, "a plane of \(width)×\(height) is no plane")
            precondition(
                bytes.count >= bytesPerRow * (height - 1) + width,
                "\(bytes.count) bytes are too few for \(height) lines of \(bytesPerRow) bytes")
            self.width = width
            self.height = height
            self.bytesPerRow = bytesPerRow
            self.bytes = bytes
        }
    }

    /// Columns of luma samples.
    public let width: Int
    /// Lines of luma samples.
    public let height: Int
    /// The layout of the samples.
    public let pixelFormat: PixelFormat
    /// What the samples mean.
    public let color: ColorInfo
    /// Luma, then blue and red difference where there is colour.
    public let planes: [Plane]
    /// When the frame appears, in the time base of the film.
    public let pts: MediaTime
    /// How long the frame stays, in the time base of the film.
    public let duration: MediaTime
    /// Whether the frame could be decoded by itself in the source.
    public let isKey: Bool
    /// Whether the decoder says that the picture is damaged.
    public let isCorrupt: Bool
    /// The number of the frame, counted from 0 where reading began.
    public let index: Int
    /// Closed captions (CEA-708 `cc_data`) that came inside the picture; empty where there were none.
    public let closedCaptions: [UInt8]

    /// Makes a frame.
    ///
    /// - Precondition: the planes have the number and the sizes that the pixel format demands.
    public init(
        width: Int, height: Int, pixelFormat: PixelFormat, color: ColorInfo, planes: [Plane], pts: MediaTime,
        duration: MediaTime, isKey: Bool = false, isCorrupt: Bool = false, index: Int = 0, closedCaptions: [UInt8] = []
    ) {
        precondition(
            planes.count == pixelFormat.planeCount,
            "\(pixelFormat) needs \(pixelFormat.planeCount) planes, not \(planes.count)")
        for (number, plane) in planes.enumerated() {
            let size = pixelFormat.planeSize(number, width: width, height: height)
            precondition(
                plane.width == size.width && plane.height == size.height,
                "plane \(number) is \(plane.width)×\(plane.height) instead of \(size.width)×\(size.height)")
            precondition(
                plane.bytesPerRow >= plane.width * pixelFormat.bytesPerSample
                    && plane.bytes.count >= plane.bytesPerRow * (plane.height - 1)
                        + plane.width * pixelFormat.bytesPerSample,
                "plane \(number) has too few bytes for \(pixelFormat)")
        }
        self.width = width
        self.height = height
        self.pixelFormat = pixelFormat
        self.color = color
        self.planes = planes
        self.pts = pts
        self.duration = duration
        self.isKey = isKey
        self.isCorrupt = isCorrupt
        self.index = index
        self.closedCaptions = closedCaptions
    }

    /// A frame with other samples and everything else as here: time, index, flags, captions.
    ///
    /// - Precondition: as for the initializer; the size may differ from this frame's.
    public func replacing(
        width: Int? = nil, height: Int? = nil, pixelFormat: PixelFormat? = nil, color: ColorInfo? = nil,
        planes: [Plane]
    ) -> VideoFrame {
        VideoFrame(
            width: width ?? self.width, height: height ?? self.height, pixelFormat: pixelFormat ?? self.pixelFormat,
            color: color ?? self.color, planes: planes, pts: pts, duration: duration, isKey: isKey,
            isCorrupt: isCorrupt, index: index, closedCaptions: closedCaptions)
    }

    /// The bytes that the planes hold, for queues that are bounded in bytes.
    public var byteCount: Int { planes.reduce(0) { $0 + $1.bytes.count } }
}
