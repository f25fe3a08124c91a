/// Something in the history that no version of this program wrote.
struct DamagedHistory: Error {}
