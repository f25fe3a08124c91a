/// Sequences that failed once, each with what it showed. They happen in every run.
enum KeptSequences {
    static let all: [(name: String, steps: String)] = [
        (
            "a peer deleted by name comes back while a rail refuses the head",
            """
            keyInterface 0 0
            failOperation 0 1
            deleteByName 0 1
            routePeer 0 1
            """
        ),
        (
            "a peer deleted by name with the trial comes back when it is undone",
            """
            isolateInterface 1 1
            deleteByName 1 0
            tryHead 0 0
            """
        ),
        (
            "the same beside an expiry",
            """
            orphanPlant 0 0
            deleteByName 0 0
            readdressPeer 0 0
            expirePeer 0 31
            tryHead 0 0
            toggleAccess 0 0
            """
        ),
        (
            "the peers of a link that could not go are forgotten",
            """
            failOperation 0 1
            pinPeer 2 0
            down 0 0
            """
        ),
        (
            "a disabled peer comes back when the refused head can't be read",
            """
            portInterface 0 1
            disablePeer 0 1
            breakHead 0 1
            """
        ),
        (
            "what was made anew after down counts as never applied",
            """
            dropPeer 2 1
            down 0 1
            pinPeer 0 0
            """
        ),
        (
            "a disabled peer comes back under the old name of its interface",
            """
            renameInterface 0 0
            isolatePeer 0 0
            disablePeer 0 0
            tryHead 0 0
            expireCrowd 0 0
            """
        ),
        (
            "forwarding comes on although its guard failed",
            """
            advertise 0 0
            sysctlSet 1 0
            failOperation 0 0
            pass 0 0
            """
        ),
        (
            "an expiry that was enforced ends with the clock",
            """
            expirePeer 0 0
            clockForward 0 1
            clockBack 0 95
            """
        ),
    ]
}
