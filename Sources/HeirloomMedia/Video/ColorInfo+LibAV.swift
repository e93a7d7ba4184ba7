import CLibAV

extension ColorInfo {
    /// The description that an FFmpeg frame carries.
    init(frame: AVFrame) {
        self.init(
            primaries: frame.color_primaries, transfer: frame.color_trc, matrix: frame.colorspace,
            range: frame.color_range, location: frame.chroma_location)
    }

    /// The description that a stream's header carries.
    init(parameters: AVCodecParameters) {
        self.init(
            primaries: parameters.color_primaries, transfer: parameters.color_trc, matrix: parameters.color_space,
            range: parameters.color_range, location: parameters.chroma_location)
    }

    private init(
        primaries: AVColorPrimaries, transfer: AVColorTransferCharacteristic, matrix: AVColorSpace,
        range: AVColorRange, location: AVChromaLocation
    ) {
        // 0 and 3 are reserved in H.273 and mean nothing, except for the matrix, where 0 is RGB.
        func meaning(_ code: UInt32) -> Int32 { code == 0 || code == 3 ? 2 : Int32(code) }
        self.init(
            primaries: Primaries(rawValue: meaning(UInt32(primaries.rawValue))),
            transfer: Transfer(rawValue: meaning(UInt32(transfer.rawValue))),
            matrix: Matrix(rawValue: matrix.rawValue == 3 ? 2 : Int32(matrix.rawValue)),
            range: range == AVCOL_RANGE_JPEG ? .full : range == AVCOL_RANGE_MPEG ? .limited : .unspecified,
            chromaLocation: ChromaLocation(rawValue: Int32(location.rawValue)) ?? .unspecified)
    }

    /// Fills the gaps from another description of the same film.
    func filled(from other: ColorInfo) -> ColorInfo {
        ColorInfo(
            primaries: primaries == .unspecified ? other.primaries : primaries,
            transfer: transfer == .unspecified ? other.transfer : transfer,
            matrix: matrix == .unspecified ? other.matrix : matrix,
            range: range == .unspecified ? other.range : range,
            chromaLocation: chromaLocation == .unspecified ? other.chromaLocation : chromaLocation)
    }

    var avPrimaries: AVColorPrimaries { AVColorPrimaries(rawValue: numericCast(primaries.rawValue)) }
    var avTransfer: AVColorTransferCharacteristic {
        AVColorTransferCharacteristic(rawValue: numericCast(transfer.rawValue))
    }
    var avMatrix: AVColorSpace { AVColorSpace(rawValue: numericCast(matrix.rawValue)) }
    var avRange: AVColorRange {
        switch range {
        case .unspecified: AVCOL_RANGE_UNSPECIFIED
        case .limited: AVCOL_RANGE_MPEG
        case .full: AVCOL_RANGE_JPEG
        }
    }
    var avChromaLocation: AVChromaLocation { AVChromaLocation(rawValue: numericCast(chromaLocation.rawValue)) }
}
