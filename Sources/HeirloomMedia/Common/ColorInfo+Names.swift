import CLibAV

extension ColorInfo {
    /// The description in FFmpeg's names: `matrix bt709, primaries bt709, transfer bt709, limited range`.
    public var names: String {
        let matrix = name(av_color_space_name(AVColorSpace(UInt32(bitPattern: self.matrix.rawValue))))
        let primaries = name(av_color_primaries_name(AVColorPrimaries(UInt32(bitPattern: self.primaries.rawValue))))
        let transfer = name(
            av_color_transfer_name(AVColorTransferCharacteristic(UInt32(bitPattern: self.transfer.rawValue))))
        return "matrix \(matrix), primaries \(primaries), transfer \(transfer), \(range) range"
    }

    private func name(_ text: UnsafePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "unknown" }
}
