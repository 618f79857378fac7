/** Mean of the values seen, updated in place: mean += (x - mean) / n. */
export class RunningMean {
  count = 0;
  mean = 0;

  update(value: number): void {
    this.count += 1;
    this.mean += (1 / this.count) * (value - this.mean);
  }

  copy(): RunningMean {
    const same = new RunningMean();
    same.count = this.count;
    same.mean = this.mean;
    return same;
  }
}
