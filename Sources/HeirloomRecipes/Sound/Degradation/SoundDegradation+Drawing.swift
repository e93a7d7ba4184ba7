import Foundation
import HeirloomDatasets

extension SoundDegradation {
    /// Draws the damage of one crop.
    func damage(
        duration: Double, sampleRate: Int, rooms: RoomBank?, progress: Double, _ random: inout RandomSequence
    ) -> SoundDamage {
        var damage = SoundDamage()
        damage.seed = random.next()
        let hardness = min(max(progress / 0.2, 0), 1)
        damage.isIdentity = random.chance(identityShare)
        damage.peak = random.uniform(peaks)
        let isDry = random.chance(dryShare)
        let times = Self.range(easyReverberation, reverberation, hardness)
        let isSimple = random.chance(simpleRoomShare) || rooms == nil
        let ratio = random.uniform(directToLate)
        let choice = random.next()
        if isDry {
            damage.room = .none
        } else if let rooms, !isSimple {
            let index = rooms.index(choice, within: times)
            damage.room = .simulated(index: index)
            damage.reverberation = rooms.reverberation[index]
        } else {
            damage.room = .simple(directToLate: ratio)
            damage.reverberation = random.uniform(times)
        }
        damage.noise = noise(&random)
        damage.hasPinkBed = random.chance(pinkBedShare)
        damage.isPointNoise = random.chance(0.6)
        damage.signalToNoise = random.uniform(Self.range(easySignalToNoise, signalToNoise, hardness))
        damage.maskError = random.uniform(0, 0.5)
        let most = rooms.map { min($0.microphones, microphones.upperBound) } ?? microphones.upperBound
        let least = min(microphones.lowerBound, most)
        let isArray = random.chance(arrayShare)
        let count = isArray ? least + Int(random.next() % UInt64(most - least + 1)) : 1
        var places = Array(0..<(rooms?.microphones ?? most)).shuffled(using: &random)
        places = places.prefix(count).sorted()
        damage.recorders = places.map { place in
            var recorder = recorder(duration: duration, sampleRate: sampleRate, &random)
            recorder.place = place
            if isArray { recorder.delay = random.normal() * 0.05e-3 }
            return recorder
        }
        return damage
    }

    private func noise(_ random: inout RandomSequence) -> SoundDamage.Noise {
        let kinds = SoundDamage.Noise.allCases.dropFirst()
        let kind = kinds[kinds.startIndex + Int(random.next() % UInt64(kinds.count))]
        return random.chance(syntheticShare) ? kind : .given
    }

    private func recorder(duration: Double, sampleRate: Int, _ random: inout RandomSequence) -> SoundRecorder {
        var recorder = SoundRecorder()
        recorder.highPass = 40 * pow(350 / 40, random.uniform())
        recorder.highPassOrder = random.chance(0.5) ? 1 : 2
        let band = lowPasses.filter { $0 < Double(sampleRate) / 2 }
        let limit = band.isEmpty ? nil : band[Int(random.next() % UInt64(band.count))]
        recorder.lowPass = random.chance(fullBandShare) ? nil : limit
        recorder.lowPassOrder = 4 + 2 * Int(random.next() % 3)
        let count = 2 + Int(random.next() % 3)
        recorder.peaks = (0..<count).map { _ in
            .init(
                frequency: 150 * pow(min(7000, 0.4 * Double(sampleRate)) / 150, random.uniform()),
                gain: random.uniform(-8, 8), quality: 0.7 * pow(3 / 0.7, random.uniform()))
        }
        if random.chance(0.5) {
            recorder.peaks.append(
                .init(frequency: random.uniform(2000, 6000), gain: random.uniform(0, 8), quality: random.uniform(1, 3)))
        }
        recorder.ownNoise = random.uniform(-55, -25)
        let control = SoundRecorder.GainControl(
            attack: random.uniform(0.005, 0.02), release: 0.2 * pow(1.5 / 0.2, random.uniform()),
            ratio: random.uniform(2, 6), largestGain: random.uniform(6, 18))
        recorder.gainControl = random.chance(gainControlShare) ? control : nil
        let clipShare = 0.0005 * pow(0.1 / 0.0005, random.uniform())
        recorder.clipShare = random.chance(hardClipShare) ? clipShare : 0
        let drive = random.uniform(0.5, 2.5)
        recorder.softClip = random.chance(softClipShare) ? drive : 0
        let bits = 8 + Int(random.next() % 5)
        recorder.bits = random.chance(fewBitsShare) ? bits : nil
        recorder.isInverted = random.chance(invertedShare)
        recorder.codec = codec(random.uniform())
        if recorder.codec == .telephone { recorder.lowPass = min(recorder.lowPass ?? 3400, 3400) }
        let length = 0.005 * pow(0.4 / 0.005, random.uniform())
        let start = random.uniform(0, max(0, duration - length))
        recorder.mute = random.chance(muteShare) ? .init(start: start, length: min(length, duration / 4)) : nil
        return recorder
    }

    private func codec(_ drawn: Double) -> SoundRecorder.Codec {
        if drawn < telephoneShare { return .telephone }
        if drawn < telephoneShare + bandsShare { return .bands }
        return drawn < telephoneShare + bandsShare + suppressionShare ? .suppression : .none
    }

    /// The range between an easy and a full one.
    private static func range(
        _ easy: ClosedRange<Double>, _ full: ClosedRange<Double>, _ hardness: Double
    ) -> ClosedRange<Double> {
        func between(_ a: Double, _ b: Double) -> Double { a + (b - a) * hardness }
        return between(easy.lowerBound, full.lowerBound)...between(easy.upperBound, full.upperBound)
    }
}

extension RandomSequence {
    /// True with a probability.
    mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

    /// A uniform number of a range.
    mutating func uniform(_ range: ClosedRange<Double>) -> Double { uniform(range.lowerBound, range.upperBound) }

    /// A normal number (Box and Muller).
    mutating func normal() -> Double {
        let (u, v) = (uniform(), uniform())
        return (-2 * log(1 - u)).squareRoot() * cos(2 * .pi * v)
    }
}
