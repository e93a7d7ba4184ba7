import CLibAV
import CVips

/// The media libraries that this program runs with.
public enum MediaLibraries {
    /// Names and versions, such as `FFmpeg 5.1.6` and `libvips 8.14.1`.
    public static var versions: [String] {
        let vips = [vips_version(0), vips_version(1), vips_version(2)].map(String.init).joined(separator: ".")
        return ["FFmpeg \(String(cString: av_version_info()))", "libvips \(vips)"]
    }
}
