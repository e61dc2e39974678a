const grouped = new Intl.NumberFormat('en-US').format;

/** '3,000 tokens', '1 token'. */
export const counted = (count: number, one: string): string =>
  `${grouped(count)} ${one}${count === 1 ? '' : 's'}`;
