extension VGG19 {
    /// The names in torchvision's file and ours. Its list counts ReLU and pooling layers, too.
    public static let publishedKeys = KeyTable(
        family: "VGG19",
        rules: places.map { place in
            .init("features.\(place.foreign).{*}", "blocks.\(place.block).convolutions.\(place.convolution).{*}")
        })

    /// Where each convolution stands in torchvision's list, and in ours.
    private static let places: [(foreign: Int, block: Int, convolution: Int)] = {
        var places: [(Int, Int, Int)] = []
        var next = 0
        for (block, count) in convolutions.enumerated() {
            for convolution in 0..<count { places.append((next + 2 * convolution, block, convolution)) }
            next += 2 * count + 1
        }
        return places
    }()
}
