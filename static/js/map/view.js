// From the places of the map to the pixels of the screen and back.
const MARGIN = 1.18;
const NEAREST = 60;

export class View {
  constructor(bounds) {
    this.bounds = bounds;
    this.wide = this.high = 1;
    this.scale = this.whole = 1;
    this.x = (bounds.left + bounds.right) / 2;
    this.y = (bounds.top + bounds.bottom) / 2;
  }

  resize(wide, high) {
    const was = this.scale / this.whole;
    [this.wide, this.high] = [wide, high];
    const { left, right, top, bottom } = this.bounds;
    this.whole = Math.min(wide / (MARGIN * Math.max(right - left, 1)), high / (MARGIN * Math.max(bottom - top, 1)));
    this.scale = this.whole * was;
  }

  get nearness() { return this.scale / this.whole; }

  across(x) { return (x - this.x) * this.scale + this.wide / 2; }
  down(y) { return (y - this.y) * this.scale + this.high / 2; }
  there(across, down) { return [(across - this.wide / 2) / this.scale + this.x, (down - this.high / 2) / this.scale + this.y]; }

  move(across, down) {
    this.x -= across / this.scale;
    this.y -= down / this.scale;
    this.#stay();
  }

  // What lies under the hand stays there.
  zoom(factor, across = this.wide / 2, down = this.high / 2) {
    const [x, y] = this.there(across, down);
    this.scale = Math.min(Math.max(this.scale * factor, this.whole * 0.8), this.whole * NEAREST);
    this.x = x - (across - this.wide / 2) / this.scale;
    this.y = y - (down - this.high / 2) / this.scale;
    this.#stay();
  }

  showAll() {
    const { left, right, top, bottom } = this.bounds;
    [this.x, this.y, this.scale] = [(left + right) / 2, (top + bottom) / 2, this.whole];
  }

  show(x, y, nearness) {
    [this.x, this.y, this.scale] = [x, y, this.whole * Math.max(this.nearness, nearness)];
  }

  #stay() {
    const { left, right, top, bottom } = this.bounds;
    this.x = Math.min(Math.max(this.x, left), right);
    this.y = Math.min(Math.max(this.y, top), bottom);
  }
}
