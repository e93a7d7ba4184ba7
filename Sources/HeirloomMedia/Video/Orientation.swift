import CLibAV

/// How the stored picture must be turned and mirrored to stand upright: one of the eight ways to lay a rectangle.
enum Orientation: String, Sendable {
    case upright
    case mirrored
    case upsideDown
    case flipped
    case clockwise
    case counterclockwise
    case transposed
    case antitransposed

    /// Reads the display matrix of a container (nine 32-bit numbers).
    ///
    /// - Returns: the orientation, and whether an angle that is no multiple of 90° was rounded to it.
    static func of(matrix: UnsafePointer<Int32>) -> (orientation: Orientation, isRounded: Bool) {
        // A point (x, y) goes to (a·x + c·y, b·x + d·y), y downwards; the numbers are 16.16 fixed point.
        let (a, b, c, d) = (Double(matrix[0]), Double(matrix[1]), Double(matrix[3]), Double(matrix[4]))
        let isRounded: Bool
        let orientation: Orientation
        if abs(a) + abs(d) >= abs(b) + abs(c) {
            isRounded = abs(b) + abs(c) > 0.02 * (abs(a) + abs(d))
            switch (a < 0, d < 0) {
            case (false, false): orientation = .upright
            case (true, false): orientation = .mirrored
            case (true, true): orientation = .upsideDown
            case (false, true): orientation = .flipped
            }
        } else {
            isRounded = abs(a) + abs(d) > 0.02 * (abs(b) + abs(c))
            switch (b < 0, c < 0) {
            case (false, true): orientation = .clockwise
            case (true, false): orientation = .counterclockwise
            case (false, false): orientation = .transposed
            case (true, true): orientation = .antitransposed
            }
        }
        return (orientation, isRounded)
    }

    /// Whether width and height change places.
    var swapsSides: Bool {
        switch self {
        case .upright, .mirrored, .upsideDown, .flipped: false
        case .clockwise, .counterclockwise, .transposed, .antitransposed: true
        }
    }

    /// The filters that make the picture upright; they only move samples.
    var steps: [FilterGraph.Step] {
        switch self {
        case .upright: []
        case .mirrored: [.init(name: "hflip", arguments: "")]
        case .flipped: [.init(name: "vflip", arguments: "")]
        case .upsideDown: [.init(name: "hflip", arguments: ""), .init(name: "vflip", arguments: "")]
        case .clockwise: [.init(name: "transpose", arguments: "dir=clock:passthrough=none")]
        case .counterclockwise: [.init(name: "transpose", arguments: "dir=cclock:passthrough=none")]
        case .transposed: [.init(name: "transpose", arguments: "dir=cclock_flip:passthrough=none")]
        case .antitransposed: [.init(name: "transpose", arguments: "dir=clock_flip:passthrough=none")]
        }
    }

    /// Words for a note: "turned by 90° clockwise".
    var words: String {
        switch self {
        case .upright: "left as it is"
        case .mirrored: "mirrored"
        case .upsideDown: "turned by 180°"
        case .flipped: "turned upside down and mirrored"
        case .clockwise: "turned by 90° clockwise"
        case .counterclockwise: "turned by 90° counterclockwise"
        case .transposed: "turned by 90° counterclockwise and mirrored"
        case .antitransposed: "turned by 90° clockwise and mirrored"
        }
    }

    /// Where chroma sits after turning; a place that no file can state becomes the nearest one that can.
    func moved(_ location: ColorInfo.ChromaLocation) -> ColorInfo.ChromaLocation {
        guard self != .upright, location != .unspecified, location != .center else { return location }
        // Offsets from the middle of the four luma samples: -1 left or top, 0 middle, 1 right or bottom.
        var (x, y): (Int, Int)
        switch location {
        case .left: (x, y) = (-1, 0)
        case .topLeft: (x, y) = (-1, -1)
        case .top: (x, y) = (0, -1)
        case .bottomLeft: (x, y) = (-1, 1)
        case .bottom: (x, y) = (0, 1)
        case .center, .unspecified: (x, y) = (0, 0)
        }
        switch self {
        case .upright: break
        case .mirrored: x = -x
        case .flipped: y = -y
        case .upsideDown: (x, y) = (-x, -y)
        case .clockwise: (x, y) = (-y, x)
        case .counterclockwise: (x, y) = (y, -x)
        case .transposed: (x, y) = (y, x)
        case .antitransposed: (x, y) = (-y, -x)
        }
        // No file can say "on the right column": the middle is half as far off as the left.
        switch (min(x, 0), y) {
        case (-1, -1): return .topLeft
        case (-1, 1): return .bottomLeft
        case (-1, _): return .left
        case (_, -1): return .top
        case (_, 1): return .bottom
        default: return .center
        }
    }
}
