import CLibAV

/// Converts frames to a planar pixel format through libswscale with matrix and range stated, never its defaults.
///
/// Where the source's luma samples already have the target's layout they are copied, so that no conversion of the
/// chroma around them can change a bit of them. Used on one thread.
final class PixelConverter {
    private let scaler: UnsafeMutableRawPointer
    private let result: AVFrameBox
    private let target: PixelFormat
    private let copiesLuma: Bool
    private let isFullRange: Bool

    /// Prepares a conversion at one size.
    ///
    /// - Parameters:
    ///   - source: FFmpeg's number of the source format.
    ///   - color: the colour of the target, fully stated; a YUV source has the same matrix and range.
    /// - Returns: nil where libswscale cannot do it.
    init?(
        from source: AVPixelFormat, to target: PixelFormat, width: Int, height: Int, color: ColorInfo,
        copiesLuma: Bool, isRGB: Bool
    ) {
        guard let scaler = heirloom_scaler_alloc() else { return nil }
        // Only what Y, U and V themselves need: no dithering decided by processor, full chroma on both sides.
        let flags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT
        let isFull = color.range == .full
        let options: [(String, Int64)] = [
            ("srcw", Int64(width)), ("srch", Int64(height)), ("dstw", Int64(width)), ("dsth", Int64(height)),
            ("src_format", Int64(source.rawValue)), ("dst_format", Int64(target.av.rawValue)),
            ("src_range", isFull || isRGB ? 1 : 0), ("dst_range", isFull ? 1 : 0), ("sws_flags", Int64(flags)),
        ]
        for (name, value) in options { av_opt_set_int(scaler, name, value, 0) }
        guard heirloom_scaler_init(scaler) >= 0 else {
            heirloom_scaler_free(scaler)
            return nil
        }
        heirloom_scaler_set_matrix(
            scaler, PixelConverter.coefficients(of: color.matrix), isFull || isRGB ? 1 : 0, isFull ? 1 : 0)
        self.scaler = scaler
        self.target = target
        self.copiesLuma = copiesLuma
        isFullRange = isFull
        result = AVFrameBox()
    }

    deinit {
        heirloom_scaler_free(scaler)
    }

    /// The converted frame, borrowed until the next call; nil when out of memory.
    func convert(_ frame: UnsafeMutablePointer<AVFrame>) -> UnsafeMutablePointer<AVFrame>? {
        let output = result.pointer
        av_frame_unref(output)
        output.pointee.format = target.av.rawValue
        output.pointee.width = frame.pointee.width
        output.pointee.height = frame.pointee.height
        guard av_frame_get_buffer(output, 0) >= 0, heirloom_scaler_run(scaler, output, frame) >= 0 else { return nil }
        if copiesLuma, let to = output.pointee.data.0, let from = frame.pointee.data.0 {
            av_image_copy_plane(
                to, output.pointee.linesize.0, from, frame.pointee.linesize.0,
                frame.pointee.width * Int32(target.bytesPerSample), frame.pointee.height)
        }
        // The scaler sets no properties and copying them would bring the source's range along.
        av_frame_copy_props(output, frame)
        output.pointee.color_range = isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
        return output
    }

    private static func coefficients(of matrix: ColorInfo.Matrix) -> Int32 {
        switch matrix {
        case .bt709: SWS_CS_ITU709
        case .bt2020: SWS_CS_BT2020
        case ColorInfo.Matrix(rawValue: 7): SWS_CS_SMPTE240M
        case ColorInfo.Matrix(rawValue: 4): SWS_CS_FCC
        default: SWS_CS_ITU601
        }
    }
}
