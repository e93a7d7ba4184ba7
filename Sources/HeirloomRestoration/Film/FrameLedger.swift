import HeirloomMedia

/// Keeps account of the frames of a film: every one that goes in comes out once, in order, at its time.
struct FrameLedger {
    private struct Entry {
        let index: Int
        let pts: MediaTime
        let duration: MediaTime
    }

    private var owed: [Entry] = []
    private(set) var taken = 0
    private(set) var given = 0
    private(set) var damaged = 0

    /// A frame went in.
    mutating func take(_ frame: VideoFrame) {
        owed.append(Entry(index: frame.index, pts: frame.pts, duration: frame.duration))
        taken += 1
        if frame.isCorrupt { damaged += 1 }
    }

    /// A frame came out.
    ///
    /// - Throws: `frameLost` where it is not the next one that is owed.
    mutating func give(_ frame: VideoFrame) throws {
        guard let expected = owed.first else {
            throw RestorationError(
                .frameLost, "The film has \(taken) frames, but one more (at \(frame.pts)) came out of the treatment.")
        }
        guard expected.index == frame.index && expected.pts == frame.pts && expected.duration == frame.duration else {
            throw RestorationError(
                .frameLost,
                "Frame \(expected.index) (at \(expected.pts)) was due, but frame \(frame.index) (at \(frame.pts)) came out of the treatment; nothing was written."
            )
        }
        owed.removeFirst()
        given += 1
    }

    /// Nothing more will come.
    ///
    /// - Throws: `frameLost` where frames are missing.
    func close() throws {
        if let missing = owed.first {
            throw RestorationError(
                .frameLost,
                "Frame \(missing.index) (at \(missing.pts)) and \(owed.count - 1) after it were lost in the treatment; nothing was written."
            )
        }
    }

    /// Checks that painting changed samples and nothing else.
    ///
    /// - Throws: `frameLost` where the frame has another time, size or layout than it must have.
    static func check(_ frame: VideoFrame, against source: VideoFrame, format: VideoFormat) throws {
        guard frame.index == source.index && frame.pts == source.pts && frame.duration == source.duration,
            frame.width == format.width && frame.height == format.height && frame.pixelFormat == format.pixelFormat
        else {
            throw RestorationError(
                .frameLost,
                "Frame \(source.index) (at \(source.pts)) came out of the treatment as frame \(frame.index) (at \(frame.pts)), \(frame.width)×\(frame.height) \(frame.pixelFormat) instead of \(format.width)×\(format.height) \(format.pixelFormat); nothing was written."
            )
        }
    }
}
