import { Failure } from '../../failure.ts';
import { corruptElement, type DataSet, shorten, text } from './data-set.ts';
import type { Keyword } from './dictionary.ts';

/** Days since 1 March of the year 0 in the Gregorian calendar. */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const m = (month + 9) % 12;
  return (
    365 * y +
    Math.floor(y / 4) -
    Math.floor(y / 100) +
    Math.floor(y / 400) +
    Math.floor((153 * m + 2) / 5) +
    day -
    1
  );
}

/** The date of a day number as DICOM's DA, `YYYYMMDD`. */
export function dateOf(days: number): string {
  let year = Math.floor(days / 365.2425) + 1;
  while (dayNumber(year, 3, 1) > days) year--;
  const rest = days - dayNumber(year, 3, 1);
  const m = Math.floor((5 * rest + 2) / 153);
  const day = rest - Math.floor((153 * m + 2) / 5) + 1;
  const month = m < 10 ? m + 3 : m - 9;
  const shown = [month <= 2 ? year + 1 : year, month, day];
  return shown.map((part, n) => String(part).padStart(n === 0 ? 4 : 2, '0')).join('');
}

/** Days of a DICOM date (DA, or the start of a DT), or null where it is none. */
export function parseDate(value: string): number | null {
  const match = /^(\d{4})[.]?(\d{2})[.]?(\d{2})/.exec(value);
  if (match === null) return null;
  const [year, month, day] = match.slice(1).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  return dayNumber(year, month, day);
}

/** Seconds since midnight of a DICOM time (TM, `HHMMSS.FFFFFF` or its beginning), or null where it is none. */
export function parseTime(value: string): number | null {
  const match = /^(\d{2}):?(\d{2})?:?(\d{2}(?:\.\d{1,6})?)?$/.exec(value);
  if (match === null) return null;
  const [hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return hours < 24 && minutes < 60 && seconds < 61 ? 3600 * hours + 60 * minutes + seconds : null;
}

/** Seconds are counted from 2000 on: from the year 0 on they would be too many for their fractions. */
const firstDay = dayNumber(2000, 1, 1);

/** Seconds of a date-time element (DT; a zone's offset is left out, as files of one study share it); null where it is absent. */
export function dateTime(dataSet: DataSet, keyword: Keyword): number | null {
  const value = text(dataSet, keyword);
  if (value === null) return null;
  const [date, time] = [parseDate(value), parseTime(value.slice(8).replace(/[+-]\d{4}$/, ''))];
  if (date === null || time === null) corruptElement(keyword, `is "${shorten(value)}", not a date and time`);
  return 86_400 * (date - firstDay) + time;
}

/** Seconds of a date element and a time element; null where one is absent. */
export function dateAndTime(dataSet: DataSet, dateKeyword: Keyword, timeKeyword: Keyword): number | null {
  const date = text(dataSet, dateKeyword);
  const time = timeOfDay(dataSet, timeKeyword);
  if (date === null || time === null) return null;
  const days = parseDate(date);
  if (days === null) corruptElement(dateKeyword, `is "${shorten(date)}", not a date`);
  return 86_400 * (days - firstDay) + time;
}

/** Seconds since midnight of a time element; null where it is absent. */
export function timeOfDay(dataSet: DataSet, keyword: Keyword): number | null {
  const value = text(dataSet, keyword);
  if (value === null) return null;
  const seconds = parseTime(value);
  if (seconds === null)
    throw new Failure('FILE_CORRUPT', `${keyword} is "${shorten(value)}", not a time`, { keyword });
  return seconds;
}
