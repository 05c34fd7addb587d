// What the element says, by language. Days, money and spans of time come from `Intl` and stand at {…}.
// What this module must not know: when which of these is shown.

export interface Texts {
  /** {days}: a day or a range of days. */
  getIt: string;
  /** Collected by the shopper; {days}. */
  pickUp: string;
  /** An option without a promised day. */
  delivery: string;
  /** {time} that is left until the cut-off. */
  orderWithin: string;
  /** The same for a screen reader, that would have to be told each minute: {moment}. */
  orderBy: string;
  /** A price of nothing. */
  free: string;
  /** {money} that is missing in the cart. */
  untilFree: string;
  /** {place}: a postal code or a country. */
  to: string;
  /** The button's name for who does not see the {postalCode}; it has the words of `change` in it. */
  changeFrom: string;
  change: string;
  enter: string;
  postalCode: string;
  show: string;
  cancel: string;
  remember: string;
  waiting: string;
  /** Nothing is known here. */
  unknown: string;
  /** The shop does not deliver there. */
  nowhere: string;
  checkCode: string;
}

export const TEXTS: Readonly<Record<string, Texts>> = {
  en: {
    getIt: "Get it {days}",
    pickUp: "Pick it up {days}",
    delivery: "Delivery",
    orderWithin: "order within {time}",
    orderBy: "Order by {moment}",
    free: "free",
    untilFree: "{money} more for free shipping",
    to: "To {place}",
    changeFrom: "Change postal code {postalCode}",
    change: "Change",
    enter: "Enter your postal code",
    postalCode: "Postal code",
    show: "Show dates",
    cancel: "Cancel",
    remember: "Remember it on this device",
    waiting: "Looking up delivery dates…",
    unknown: "Delivery dates are shown at checkout.",
    nowhere: "No delivery to this place.",
    checkCode: "Please check the postal code.",
  },
  de: {
    getIt: "Lieferung {days}",
    pickUp: "Abholbereit {days}",
    delivery: "Lieferung",
    orderWithin: "bei Bestellung innerhalb von {time}",
    orderBy: "Bestellen bis {moment}",
    free: "kostenlos",
    untilFree: "Noch {money} bis zum kostenlosen Versand",
    to: "Nach {place}",
    changeFrom: "Postleitzahl {postalCode} ändern",
    change: "Ändern",
    enter: "Postleitzahl eingeben",
    postalCode: "Postleitzahl",
    show: "Termine zeigen",
    cancel: "Abbrechen",
    remember: "Auf diesem Gerät merken",
    waiting: "Liefertermine werden ermittelt…",
    unknown: "Liefertermine stehen an der Kasse.",
    nowhere: "Keine Lieferung an diesen Ort.",
    checkCode: "Bitte die Postleitzahl prüfen.",
  },
  fr: {
    getIt: "Livraison {days}",
    pickUp: "À retirer {days}",
    delivery: "Livraison",
    orderWithin: "commandez d’ici {time}",
    orderBy: "Commandez avant {moment}",
    free: "gratuite",
    untilFree: "Plus que {money} pour la livraison gratuite",
    to: "Vers {place}",
    changeFrom: "Modifier le code postal {postalCode}",
    change: "Modifier",
    enter: "Saisir votre code postal",
    postalCode: "Code postal",
    show: "Voir les dates",
    cancel: "Annuler",
    remember: "Mémoriser sur cet appareil",
    waiting: "Recherche des dates de livraison…",
    unknown: "Les dates de livraison sont indiquées au paiement.",
    nowhere: "Pas de livraison à cet endroit.",
    checkCode: "Veuillez vérifier le code postal.",
  },
  es: {
    getIt: "Recíbelo: {days}",
    pickUp: "Recógelo: {days}",
    delivery: "Envío",
    orderWithin: "si pides en {time}",
    orderBy: "Pide antes de: {moment}",
    free: "gratis",
    untilFree: "Faltan {money} para el envío gratis",
    to: "A {place}",
    changeFrom: "Cambiar el código postal {postalCode}",
    change: "Cambiar",
    enter: "Introduce tu código postal",
    postalCode: "Código postal",
    show: "Ver fechas",
    cancel: "Cancelar",
    remember: "Recordarlo en este dispositivo",
    waiting: "Buscando fechas de entrega…",
    unknown: "Las fechas de entrega se muestran al pagar.",
    nowhere: "No hay envíos a este lugar.",
    checkCode: "Comprueba el código postal.",
  },
  ar: {
    getIt: "التوصيل {days}",
    pickUp: "الاستلام {days}",
    delivery: "التوصيل",
    orderWithin: "اطلب خلال {time}",
    orderBy: "اطلب قبل {moment}",
    free: "مجانًا",
    untilFree: "تبقّى {money} للشحن المجاني",
    to: "إلى {place}",
    changeFrom: "تغيير الرمز البريدي {postalCode}",
    change: "تغيير",
    enter: "أدخل الرمز البريدي",
    postalCode: "الرمز البريدي",
    show: "عرض المواعيد",
    cancel: "إلغاء",
    remember: "تذكّره على هذا الجهاز",
    waiting: "جارٍ البحث عن مواعيد التوصيل…",
    unknown: "تظهر مواعيد التوصيل عند الدفع.",
    nowhere: "لا يتوفر التوصيل إلى هذا المكان.",
    checkCode: "يرجى التحقق من الرمز البريدي.",
  },
  ja: {
    getIt: "{days}にお届け",
    pickUp: "{days}に受け取り可能",
    delivery: "配送",
    orderWithin: "{time}以内のご注文で",
    orderBy: "ご注文期限:{moment}",
    free: "無料",
    untilFree: "あと{money}で送料無料",
    to: "お届け先:{place}",
    changeFrom: "郵便番号 {postalCode} を変更",
    change: "変更",
    enter: "郵便番号を入力",
    postalCode: "郵便番号",
    show: "お届け日を表示",
    cancel: "キャンセル",
    remember: "この端末に保存する",
    waiting: "お届け日を確認しています…",
    unknown: "お届け日はご購入手続きで表示されます。",
    nowhere: "この地域には配送できません。",
    checkCode: "郵便番号をご確認ください。",
  },
};

/** Scripts that are written from right to left, by language. */
const RIGHT_TO_LEFT = /^(ar|arc|ckb|dv|fa|he|ks|ku|ps|sd|ug|ur|yi)\b/;

export interface Language {
  /** For `Intl` and for `lang`: what was wished for, when there are texts in it. */
  locale: string;
  direction: "ltr" | "rtl";
  texts: Texts;
}

/** The language to speak: the wished one when there are texts for it, so that two are never mixed in a sentence; else English. */
export function language(wished: string, own: Partial<Texts> | undefined): Language {
  let locale = "en";
  try {
    locale = Intl.getCanonicalLocales(wished)[0] ?? locale;
  } catch {
    // Not the name of a language.
  }
  const name = locale.split("-")[0] ?? "";
  const known = Object.hasOwn(TEXTS, name) ? TEXTS[name] : undefined;
  if (!known && !own) locale = "en";
  const texts = { ...(known ?? (TEXTS["en"] as Texts)), ...own };
  return { locale, direction: RIGHT_TO_LEFT.test(locale.toLowerCase()) ? "rtl" : "ltr", texts };
}

/** A text with its places filled. */
export function fill(text: string, values: Record<string, string> = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}
