extension ColorInfo {
    /// The description with every gap filled, and a sentence that says what was assumed.
    ///
    /// Untagged pictures of standard definition (no more than 576 lines and 1024 columns) are BT.601, larger ones
    /// BT.709. What is stated wins: a stated matrix decides the primaries and the reverse. An unstated range is limited,
    /// of grey formats full, as FFmpeg and players take it.
    ///
    /// - Parameters:
    ///   - width: columns of the coded picture, before any rotation.
    ///   - height: lines of the coded picture, before any rotation.
    ///   - isGrey: whether the pixel format has no chroma planes.
    /// - Returns: the full description, and nil or a sentence about what nobody had stated.
    public func resolved(width: Int = 0, height: Int, isGrey: Bool = false) -> (color: ColorInfo, note: String?) {
        var color = self
        let standard = definition(width: width, height: height, isGrey: isGrey)
        var missing: [String] = []
        if matrix == .unspecified {
            color.matrix = standard.matrix
            missing.append("matrix")
        }
        if primaries == .unspecified {
            color.primaries = standard.primaries
            missing.append("primaries")
        }
        if transfer == .unspecified {
            color.transfer = standard.transfer
            missing.append("transfer")
        }
        var assumed = missing.isEmpty ? [] : [missing.joined(separator: ", ") + " of " + standard.name]
        if range == .unspecified {
            color.range = isGrey ? .full : .limited
            assumed.append(isGrey ? "full range" : "limited range")
        }
        if chromaLocation == .unspecified { color.chromaLocation = standard.name == "BT.2020" ? .topLeft : .left }
        guard !assumed.isEmpty else { return (color, nil) }
        return (color, "The film does not say all about its colour; assumed: \(assumed.joined(separator: "; ")).")
    }

    private struct Standard {
        let name: String
        let matrix: Matrix
        let primaries: Primaries
        let transfer: Transfer
    }

    private func definition(width: Int, height: Int, isGrey: Bool) -> Standard {
        let lines525 = Standard(
            name: "BT.601 (525 lines)", matrix: .bt601Lines525, primaries: .bt601Lines525, transfer: .bt601)
        let lines625 = Standard(
            name: "BT.601 (625 lines)", matrix: .bt601Lines625, primaries: .bt601Lines625, transfer: .bt601)
        let high = Standard(name: "BT.709", matrix: .bt709, primaries: .bt709, transfer: .bt709)
        let ultra = Standard(name: "BT.2020", matrix: .bt2020, primaries: .bt2020, transfer: .bt709)
        if matrix == .bt2020 || (matrix == .unspecified && primaries == .bt2020) { return ultra }
        if matrix == .bt709 || (matrix == .unspecified && primaries == .bt709) { return high }
        if matrix == .bt601Lines525 || (matrix == .unspecified && primaries == .bt601Lines525) { return lines525 }
        if matrix == .bt601Lines625 || (matrix == .unspecified && primaries == .bt601Lines625) { return lines625 }
        if height > 576 || width > 1024 { return high }
        // 625-line pictures have 576 lines or a simple part of them; everything else of that size follows NTSC.
        return height == 576 || height == 288 ? lines625 : lines525
    }
}
