public import HeirloomTensors

extension MTCNN {
    /// Scores from which the three networks believe in a face, as published.
    static let thresholds: (proposed: Float, refined: Float, final: Float) = (0.6, 0.7, 0.7)
    /// By how much each picture of the pyramid is smaller than the one before, as published.
    static let step = 0.709
    /// Most boxes that the second network is shown: a picture full of texture would keep it busy for seconds.
    static let proposalLimit = 500

    /// The faces in a picture, the surest first.
    ///
    /// - Parameters:
    ///   - picture: `[1, 3, H, W]`, or `[1, 1, H, W]` for a grey one, 0...1, sRGB-encoded, float32 on the network's device.
    ///   - smallest: How many pixels wide a face has to be, 12 at least.
    /// - Precondition: the picture has these axes.
    public func faces(in picture: Tensor, smallest: Double = 20) -> [DetectedFace] {
        precondition(
            picture.rank == 4 && picture.shape[0] == 1 && [1, 3].contains(picture.shape[1]),
            "faces are looked for in [1, 3, H, W] or [1, 1, H, W], not in \(picture.summary)")
        precondition(smallest >= 12, "the smallest faces that are found are 12 pixels wide, not \(smallest)")
        let (height, width) = (picture.shape[2], picture.shape[3])
        return withoutGradients {
            let picture = Self.normalized(picture.expanded([1, 3, height, width]))
            let proposed = proposals(picture, smallest: smallest)
            let refined = judged(by: refiner, proposed, in: picture, threshold: Self.thresholds.refined)
            let boxes = FaceBox.distinct(refined, limit: 0.7).map { $0.moved(extra: 1).squared }
            let final = judged(by: judge, boxes, in: picture, threshold: Self.thresholds.final)
            return FaceBox.distinct(final.map { $0.moved(extra: 1) }, .smaller, limit: 0.7).map(DetectedFace.init)
        }
    }

    /// Where the first network sees faces, in pictures of all sizes, as squares.
    private func proposals(_ picture: Tensor, smallest: Double) -> [FaceBox] {
        let (height, width) = (picture.shape[2], picture.shape[3])
        var boxes: [FaceBox] = []
        var scale = 12 / smallest
        while Double(min(height, width)) * scale >= 12 {
            let small = picture.meanPooled(
                height: Int(Double(height) * scale + 1), width: Int(Double(width) * scale + 1))
            let (scores, borders) = proposer(small)
            boxes += FaceBox.distinct(Self.boxes(scores, borders, scale: Float(scale)), limit: 0.5)
            scale *= Self.step
        }
        return FaceBox.distinct(boxes, limit: 0.7).prefix(Self.proposalLimit).map { $0.moved(extra: 0).squared }
    }

    /// The places of a picture with a high score, in pixels of the full picture.
    private static func boxes(_ scores: Tensor, _ borders: Tensor, scale: Float) -> [FaceBox] {
        let (rows, columns) = (scores.shape[2], scores.shape[3])
        let count = rows * columns
        let (values, offsets) = (scores.floats, borders.floats)
        var boxes: [FaceBox] = []
        for place in 0..<count where values[count + place] >= thresholds.proposed {
            let (x, y) = (Float(2 * (place % columns)), Float(2 * (place / columns)))
            boxes.append(
                FaceBox(
                    left: ((x + 1) / scale).rounded(.down), top: ((y + 1) / scale).rounded(.down),
                    right: ((x + 12) / scale).rounded(.down), bottom: ((y + 12) / scale).rounded(.down),
                    score: values[count + place], offsets: (0..<4).map { offsets[$0 * count + place] }))
        }
        return boxes
    }

    /// The boxes that a network calls faces, with its scores, offsets and points.
    private func judged(by network: FaceJudge, _ boxes: [FaceBox], in picture: Tensor, threshold: Float) -> [FaceBox] {
        var judged: [FaceBox] = []
        var shown: [FaceBox] = []
        var pictures: [Tensor] = []
        for box in boxes {
            guard let part = box.part(width: picture.shape[3], height: picture.shape[2]) else { continue }
            shown.append(box)
            pictures.append(
                picture.sliced(axis: 2, from: part.rows.lowerBound, to: part.rows.upperBound)
                    .sliced(axis: 3, from: part.columns.lowerBound, to: part.columns.upperBound)
                    .meanPooled(height: network.side, width: network.side))
        }
        guard !pictures.isEmpty else { return [] }
        let answer = network(concatenated(pictures, axis: 0))
        let (scores, borders, points) = (answer.scores.floats, answer.borders.floats, answer.points?.floats)
        for (index, box) in shown.enumerated() where scores[2 * index + 1] > threshold {
            var box = box
            box.score = scores[2 * index + 1]
            box.offsets = Array(borders[4 * index..<4 * index + 4])
            if let points {
                let (width, height) = (box.right - box.left + 1, box.bottom - box.top + 1)
                box.points = (0..<10).map { number in
                    number < 5
                        ? width * points[10 * index + number] + box.left - 1
                        : height * points[10 * index + number] + box.top - 1
                }
            }
            judged.append(box)
        }
        return judged
    }
}

extension DetectedFace {
    /// A face that the last network was sure of.
    fileprivate init(_ box: FaceBox) {
        self.init(
            left: Double(box.left), top: Double(box.top), right: Double(box.right), bottom: Double(box.bottom),
            score: Double(box.score),
            points: (0..<box.points.count / 2).map { .init(x: Double(box.points[$0]), y: Double(box.points[$0 + 5])) })
    }
}
