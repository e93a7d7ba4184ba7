import CLibAV

extension PixelFormat {
    /// FFmpeg's number for the format.
    var av: AVPixelFormat {
        let name = chroma == .grey && bitDepth > 8 ? "gray\(bitDepth)le" : description
        let found = av_get_pix_fmt(name)
        precondition(found != AV_PIX_FMT_NONE, "FFmpeg knows no pixel format \(name)")
        return found
    }
}

/// How a pixel format of FFmpeg becomes one of ours.
struct PixelFormatMapping {
    /// The format to hand out.
    let target: PixelFormat
    /// Whether the samples are the target's already, so that no conversion takes place.
    let isNative: Bool
    /// Whether the samples are red, green and blue (also through a palette), so that a matrix is needed.
    let isRGB: Bool
    /// Whether the name itself says full range (`yuvj420p`).
    let impliesFullRange: Bool
    /// Whether the luma samples lie in a plane of their own with the target's layout and can be copied as they are.
    let hasPlainLuma: Bool
    /// Whether transparency is left out.
    let dropsAlpha: Bool
    /// FFmpeg's name.
    let name: String

    /// The mapping of a format; nil where it has no samples in memory (hardware surfaces) or is unknown.
    init?(_ format: AVPixelFormat) {
        guard let descriptor = av_pix_fmt_desc_get(format), let cName = av_get_pix_fmt_name(format) else { return nil }
        let name = String(cString: cName)
        let flags = descriptor.pointee.flags
        func has(_ flag: Int32) -> Bool { flags & UInt64(flag) != 0 }
        if has(AV_PIX_FMT_FLAG_HWACCEL) { return nil }
        let isRGB = has(AV_PIX_FMT_FLAG_RGB) || has(AV_PIX_FMT_FLAG_PAL) || has(AV_PIX_FMT_FLAG_BAYER)
        let hasAlpha = has(AV_PIX_FMT_FLAG_ALPHA)
        let colors = Int(descriptor.pointee.nb_components) - (hasAlpha ? 1 : 0)
        let luma = descriptor.pointee.comp.0
        let depth = has(AV_PIX_FMT_FLAG_PAL) ? 8 : Int(luma.depth)
        let bitDepth = PixelFormat.bitDepths.first { $0 >= depth } ?? 16
        let chroma: Chroma
        if colors == 1 && !isRGB {
            chroma = .grey
        } else if isRGB {
            chroma = .s444
        } else {
            // 4:1:1 has a quarter of the columns and becomes 4:2:2, 4:4:0 has half of the lines and becomes 4:4:4:
            // chroma is only ever interpolated, none of it is thrown away.
            switch (descriptor.pointee.log2_chroma_w, descriptor.pointee.log2_chroma_h) {
            case (0, _): chroma = .s444
            case (_, 0): chroma = .s422
            default: chroma = .s420
            }
        }
        let target = PixelFormat(chroma, bitDepth: bitDepth)
        self.target = target
        self.name = name
        self.isRGB = isRGB
        isNative = format == target.av || name == target.description.replacingPrefix("yuv", with: "yuvj")
        impliesFullRange = name.hasPrefix("yuvj")
        hasPlainLuma =
            !isRGB && luma.plane == 0 && luma.step == target.bytesPerSample && luma.shift == 0
            && luma.offset == 0 && Int(luma.depth) == bitDepth && !has(AV_PIX_FMT_FLAG_BITSTREAM)
            && (!has(AV_PIX_FMT_FLAG_BE) || bitDepth == 8) && !has(AV_PIX_FMT_FLAG_FLOAT)
        dropsAlpha = hasAlpha
    }

    private typealias Chroma = PixelFormat.Chroma
}

extension String {
    fileprivate func replacingPrefix(_ old: String, with new: String) -> String {
        hasPrefix(old) ? new + dropFirst(old.count) : self
    }
}
