/** The places of a longest run of rising numbers, not necessarily side by side, in order. Time n log n. */
export function longestRise(numbers: readonly number[]): readonly number[] {
  /** `ends[k]`: where the rise of k + 1 numbers ends that has the smallest last number. */
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [place, number] of numbers.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[ends[middle]!]! < number) low = middle + 1;
      else high = middle;
    }
    previous.push(low === 0 ? -1 : ends[low - 1]!);
    ends[low] = place;
  }
  const rise: number[] = [];
  for (let place = ends.at(-1) ?? -1; place !== -1; place = previous[place]!) rise.push(place);
  return rise.reverse();
}
