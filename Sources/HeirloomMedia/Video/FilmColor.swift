/// How the colour of a film's pixel format is taken.
enum FilmColor {
    /// The colour of the frames that are handed out, and a sentence about what nobody had stated.
    static func resolve(
        _ tagged: ColorInfo, _ mapping: PixelFormatMapping?, width: Int, height: Int
    ) -> (color: ColorInfo, note: String?) {
        var stated = tagged
        if mapping?.impliesFullRange == true { stated.range = .full }
        // A matrix of RGB on YUV samples is a slip of the file; RGB samples get a matrix when they become YUV.
        if stated.matrix == .rgb { stated.matrix = .unspecified }
        if mapping?.isRGB == true { stated.range = .limited }
        return stated.resolved(width: width, height: height, isGrey: mapping?.target.chroma == .grey)
    }
}
