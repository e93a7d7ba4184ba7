import ArgumentParser
import HeirloomMedia
import HeirloomRestoration

/// The speed that a silent film shall have.
enum SilentSpeedChoice: Equatable {
    /// What the film itself gives evidence for.
    case auto
    /// Frames a second.
    case fixed(Rational)
}

/// Reads the values of options about films; what is no such value is refused with what would be one.
enum FilmValues {
    /// Frames a second that anyone could mean.
    static let speeds = 1.0...120.0

    /// A share: `2/4`.
    static func shard(_ text: String) throws -> Shard {
        guard let shard = Shard(text) else {
            throw ValidationError("write the share and how many there are, as 2/4; the first is 1.")
        }
        return shard
    }

    /// Devices: `0,1` are graphics processors by their number, other names are those of `--device`.
    static func devices(_ text: String) throws -> [DeviceChoice] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            let isNumber = !part.isEmpty && part.allSatisfy { $0.isASCII && $0.isNumber }
            guard let device = DeviceChoice(isNumber ? "cuda:\(part)" : String(part)), device != .auto else {
                throw ValidationError("write devices with commas between them, as 0,1 or cuda:0,cuda:1 or cpu,cpu.")
            }
            return device
        }
    }

    /// A speed: `auto`, or frames a second, also as a ratio.
    static func speed(_ text: String) throws -> SilentSpeedChoice {
        if text == "auto" { return .auto }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        var speed: Rational?
        if parts.count == 2, let above = Int32(parts[0]), let below = Int32(parts[1]), above > 0, below > 0 {
            speed = Rational(above, below)
        } else if parts.count == 1, let value = Double(text), speeds.contains(value) {
            speed = Rational(Int32((value * 1000).rounded()), 1000)
        }
        guard let speed, speeds.contains(speed.doubleValue) else {
            throw ValidationError("write auto, or frames a second between 1 and 120, as 16, 18 or 20.")
        }
        return .fixed(speed)
    }

    /// A size: `2`, `1080p`, `800x600`.
    static func size(_ text: String, option: String) throws -> TargetSize {
        guard let target = TargetSize(text) else {
            throw ValidationError(
                "\(option) \(text) is no size; write 1 to 16, WIDTHxHEIGHT in pixels, or 720p, 1080p, 1440p, 2160p, 4320p."
            )
        }
        return target
    }
}
