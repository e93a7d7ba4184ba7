/// What is done to one picture, by numbers: perspective, turn, enlargement, light, mirroring and crop, in this order. The
/// defaults leave the picture as it is and cut its middle out.
public struct PictureTransform: Codable, Sendable, Equatable {
    /// How far the corners move: four shares of half a side, as fastai's `symmetric_warp` takes them.
    public var warp: [Double]
    /// Rotation in degrees.
    public var rotation: Double
    /// Enlargement, at least 1, about the place below.
    public var zoom: Double
    /// Where the enlargement stays, as parts of height and width.
    public var zoomRow: Double, zoomColumn: Double
    /// Brightness: 0.5 leaves it, 0 is black and 1 white; its logit is added to the values' logits.
    public var brightness: Double
    /// Contrast: factor of the values' logits.
    public var contrast: Double
    /// Whether left and right are exchanged.
    public var isMirrored: Bool
    /// Which part is cut out, 0 the top or left one, 1 the bottom or right one.
    public var cropRow: Double, cropColumn: Double

    /// Sets the numbers.
    public init(
        warp: [Double] = [0, 0, 0, 0], rotation: Double = 0, zoom: Double = 1, zoomRow: Double = 0.5,
        zoomColumn: Double = 0.5, brightness: Double = 0.5, contrast: Double = 1, isMirrored: Bool = false,
        cropRow: Double = 0.5, cropColumn: Double = 0.5
    ) {
        precondition(warp.count == 4 && zoom > 0 && contrast > 0 && brightness > 0 && brightness < 1, "not a transform")
        self.warp = warp
        self.rotation = rotation
        self.zoom = zoom
        self.zoomRow = zoomRow
        self.zoomColumn = zoomColumn
        self.brightness = brightness
        self.contrast = contrast
        self.isMirrored = isMirrored
        self.cropRow = cropRow
        self.cropColumn = cropColumn
    }
}
