import HeirloomMedia

/// One shot of a film before and after its treatment, as small JPEG pictures.
public struct ShotPicture: Sendable {
    /// The shot.
    public var shot: Shot
    /// The number of the frame that is shown.
    public var frame: Int
    /// When that frame appears, in seconds.
    public var seconds: Double
    /// Pixels across.
    public var width: Int
    /// Pixels down.
    public var height: Int
    /// The source, as a JPEG file.
    public var before: [UInt8]
    /// The result, as a JPEG file.
    public var after: [UInt8]
}

/// Collects a pair of pictures for each shot while a film goes by, and of long films every second, fourth … shot, so that
/// there are never more than a page can hold.
struct ShotPictures {
    /// The most pairs that are kept.
    static let limit = 24
    /// The longer side of a picture.
    static let side = 640

    /// The pictures of the shots that are closed, in order.
    private(set) var pictures: [ShotPicture] = []
    /// All shots that are closed.
    private(set) var shots: [Shot] = []

    private let width: Int
    private let height: Int
    /// Of how many shots one is kept.
    private var stride = 1
    private var shot: Shot?
    private var captures: [Capture] = []

    private struct Capture {
        let place: Int
        let frame: Int
        let seconds: Double
        let before: SmallPicture
        let after: SmallPicture
    }

    /// A collector of pictures of the given size.
    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Takes the next pair of frames.
    mutating func push(_ before: VideoFrame, _ after: VideoFrame, seconds: Double, startsShot: Bool) throws {
        if startsShot {
            try close()
            shot = Shot(firstFrame: before.index, seconds: seconds, frameCount: 0)
        }
        guard let place = shot?.frameCount else { return }
        // How long the shot will be is not known yet: its first, second, fourth, eighth … frame are looked at, and the
        // last two of them are kept. One of the two is not far from the middle.
        if shots.count % stride == 0, place & (place - 1) == 0 {
            captures.append(
                Capture(
                    place: place, frame: before.index, seconds: seconds,
                    before: SmallPicture(before, width: width, height: height),
                    after: SmallPicture(after, width: width, height: height)))
            if captures.count > 2 { captures.removeFirst() }
        }
        shot?.frameCount += 1
    }

    /// Closes the shot that is open.
    mutating func close() throws {
        guard let closed = shot else { return }
        defer {
            shots.append(closed)
            shot = nil
            captures = []
        }
        guard let chosen = captures.last(where: { 4 * $0.place <= 3 * closed.frameCount }) ?? captures.first else {
            return
        }
        pictures.append(
            ShotPicture(
                shot: closed, frame: chosen.frame, seconds: chosen.seconds, width: width, height: height,
                before: try chosen.before.jpeg(quality: 82), after: try chosen.after.jpeg(quality: 82)))
        guard pictures.count > Self.limit else { return }
        pictures = pictures.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        stride *= 2
    }
}
