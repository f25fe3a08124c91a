/// A change cuts the way to the git remote: no correction would come from there any more.
struct RemotePathRail: Rail {
    let name = "remote-path"

    func refusal(of changes: [Change], _ context: RailContext) -> RailRefusal? {
        context.refusal(self, of: context.cuts.remotes, in: changes) {
            "\($0), and would not be any more: nothing pushed there would arrive"
        }
    }
}
