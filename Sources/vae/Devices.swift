import Arguments

struct Devices: ParsableCommand { mutating func run() throws {} }
